package dev.hourglass.evaluation;

import dev.hourglass.safetensors.DType;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The features of a set of images, and their logits where the extractor is a classifier. */
public final class FeatureSet implements AutoCloseable {

  private final Tensor features;
  private final Tensor logits; // null if there are none

  private FeatureSet(Tensor features, Tensor logits) {
    this.features = features;
    this.logits = logits;
  }

  /**
   * A set to be filled row by row.
   *
   * @param logits of each image; 0 if there are none
   */
  public static FeatureSet zeros(long images, long features, long logits) {
    return new FeatureSet(
        Scope.own(Tensors.zeros(ScalarType.Double, images, features)),
        logits == 0 ? null : Scope.own(Tensors.zeros(ScalarType.Double, images, logits)));
  }

  /** A set of numbers that lie somewhere, row-major; copied. */
  public static FeatureSet copyOf(
      long images, MemorySegment features, Optional<MemorySegment> logits) {
    long rows = Math.max(1, images);
    return new FeatureSet(
        copy(images, features.byteSize() / Double.BYTES / rows, features),
        logits
            .map(numbers -> copy(images, numbers.byteSize() / Double.BYTES / rows, numbers))
            .orElse(null));
  }

  private static Tensor copy(long rows, long columns, MemorySegment numbers) {
    return Scope.own(Tensors.ofBytes(numbers, DType.F64, rows, columns));
  }

  /** Fills a row with numbers that lie one after another: the features, then the logits. */
  public void put(long row, MemorySegment numbers) {
    long bytes = columns(features) * Double.BYTES;
    MemorySegment.copy(numbers, 0, Tensors.bytes(features), row * bytes, bytes);
    if (logits != null) {
      long more = columns(logits) * Double.BYTES;
      MemorySegment.copy(numbers, bytes, Tensors.bytes(logits), row * more, more);
    }
  }

  private static long columns(Tensor tensor) {
    return tensor.size(1);
  }

  /** How many images. */
  public int images() {
    return Math.toIntExact(features.size(0));
  }

  /** {@code [n, d]}, float64; belongs to this set. */
  public Tensor features() {
    return features;
  }

  /** {@code [n, classes]}, float64; belongs to this set. */
  public Optional<Tensor> logits() {
    return Optional.ofNullable(logits);
  }

  @Override
  public void close() {
    features.close();
    if (logits != null) {
      logits.close();
    }
  }
}
