package dev.hourglass.evaluation.features;

import org.bytedeco.pytorch.Tensor;

/**
 * From images to the numbers that sets of images are compared by. The same image gives the same
 * features whatever batch it comes in.
 */
public interface FeatureExtractor extends AutoCloseable {

  /** What tables call it, with all that its features depend on: kind, parameters, preprocessing. */
  String name();

  /** Changes whenever the features of some image may: features are cached under it. */
  String digest();

  /**
   * The features of some images.
   *
   * @param pixels [n, c, h, w], bytes, 1 (gray) or 3 (red, green, blue) channels
   * @return belongs to the caller's scope
   */
  ImageFeatures of(Tensor pixels);

  /** Frees what it holds, if anything. */
  @Override
  default void close() {}
}
