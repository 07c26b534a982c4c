package dev.hourglass.cli.evaluate;

import dev.hourglass.core.InputException;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.evaluation.NearestImages;
import dev.hourglass.evaluation.store.FeatureCache;
import dev.hourglass.evaluation.store.NumberedFeatures;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The real images and their features.
 *
 * @param digest of their files
 */
public record Reference(FittedImages images, String digest, NumberedFeatures features)
    implements AutoCloseable {

  /** Computes the features, or takes them from the cache. */
  public static Reference of(
      FittedImages images,
      int count,
      Extraction extraction,
      Optional<FeatureCache> cache,
      Watch watch) {
    String digest = DataDigest.ofFiles(images.location());
    return new Reference(images, digest, extraction.of(images, digest, count, cache, watch));
  }

  /** For the report. */
  public Map<String, Object> words() {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put("location", images.location().toString());
    words.put("digest", digest);
    words.put("read_as", images.description());
    words.put("images", features.images().length);
    words.put("images_in_set", images.size());
    return words;
  }

  /** The images nearest to a real one. */
  public ClosestPairs closest(Compared others) {
    NearestImages nearest = NearestImages.find(features.features(), others.features().features());
    try {
      return ClosestPairs.of(nearest, others, images, this::number);
    } catch (CorruptImageException e) {
      throw changed(e);
    }
  }

  /** This set as one that is compared with another. */
  public Compared compared() {
    return new Compared(
        features,
        place -> images.name(number(place)),
        place -> {
          try {
            return images.read(number(place));
          } catch (CorruptImageException e) {
            throw changed(e);
          }
        });
  }

  private int number(int place) {
    return Math.toIntExact(features.images()[place]);
  }

  private static InputException changed(CorruptImageException e) {
    return new InputException(
        "%s can no longer be read: %s; do not change the data meanwhile."
            .formatted(e.imageName(), e.reason()),
        e);
  }

  @Override
  public void close() {
    features.close();
  }
}
