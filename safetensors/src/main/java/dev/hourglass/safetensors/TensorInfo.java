package dev.hourglass.safetensors;

import dev.hourglass.core.InputException;
import java.util.List;

/**
 * One tensor of a file as its header describes it.
 *
 * @param name any Unicode text but {@code __metadata__}
 * @param dtype the element type
 * @param shape the dimensions, outermost first (row-major order); empty for a scalar; a dimension
 *     may be 0
 * @param begin the first byte, counted from the start of the data section
 * @param end the byte after the last one; {@code end - begin} is the size of the shape times that
 *     of the type
 */
public record TensorInfo(String name, DType dtype, List<Long> shape, long begin, long end) {

  /**
   * Checks the parts against each other.
   *
   * @throws InputException if a dimension is negative, the size overflows, the offsets are not in
   *     order, or they do not hold exactly the elements of the shape
   */
  public TensorInfo {
    TensorChecks.checkName(name);
    shape = List.copyOf(shape);
    long size = TensorChecks.byteSize(name, dtype, shape);
    if (begin < 0 || begin > end) {
      throw new InputException(
          "Tensor %s has the offsets %d to %d, which are not in order; correct the offsets."
              .formatted(TensorNames.quote(name), begin, end));
    }
    if (end - begin != size) {
      throw new InputException(
          ("Tensor %s of shape %s and type %s takes %d bytes, but its offsets %d to %d hold "
                  + "%d; correct the shape or the offsets.")
              .formatted(TensorNames.quote(name), shape, dtype, size, begin, end, end - begin));
    }
  }

  /** The dimensions, outermost first. */
  public long[] dimensions() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }

  /** The number of elements: 1 for a scalar, 0 if a dimension is 0. */
  public long elements() {
    return TensorChecks.elements(name, shape);
  }

  /** The size in bytes. */
  public long byteSize() {
    return end - begin;
  }
}
