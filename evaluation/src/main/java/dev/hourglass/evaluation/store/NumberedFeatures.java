package dev.hourglass.evaluation.store;

import dev.hourglass.evaluation.FeatureSet;

/**
 * Features of some images of a set.
 *
 * @param images the number of each image in the set, {@code [n]}
 * @param features of each; closed with this
 */
@SuppressWarnings("ArrayRecordComponent") // A plain buffer, passed on without copies.
public record NumberedFeatures(long[] images, FeatureSet features) implements AutoCloseable {

  @Override
  public void close() {
    features.close();
  }
}
