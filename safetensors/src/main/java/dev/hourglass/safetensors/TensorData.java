package dev.hourglass.safetensors;

import dev.hourglass.core.InputException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor as it lies in a file, read or to be written.
 *
 * @param name any Unicode text but {@code __metadata__}
 * @param dtype the element type
 * @param shape the dimensions, outermost first (row-major order); empty for a scalar
 * @param bytes the elements, little-endian, without gaps; not copied, so that large tensors are
 *     written from where they lie: they must stay alive and unchanged until then
 */
public record TensorData(String name, DType dtype, List<Long> shape, MemorySegment bytes) {

  /**
   * Checks the parts against each other.
   *
   * @throws InputException if a dimension is negative, the size overflows, or the bytes are not as
   *     many as the shape and the type need
   */
  public TensorData {
    TensorChecks.checkName(name);
    shape = List.copyOf(shape);
    bytes = bytes.asReadOnly();
    long size = TensorChecks.byteSize(name, dtype, shape);
    if (bytes.byteSize() != size) {
      throw new InputException(
          ("Tensor %s of shape %s and type %s takes %d bytes, but %d were given; correct the "
                  + "shape or the type.")
              .formatted(TensorNames.quote(name), shape, dtype, size, bytes.byteSize()));
    }
  }

  /** A tensor over bytes that exist already; see {@link TensorData} for their layout. */
  public static TensorData of(String name, DType dtype, long[] shape, MemorySegment bytes) {
    return new TensorData(name, dtype, Arrays.stream(shape).boxed().toList(), bytes);
  }

  /** The dimensions, outermost first. */
  public long[] dimensions() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }

  /**
   * The elements of a floating-point tensor of 8 bits or more in row-major order; F64 is rounded.
   *
   * @throws InputException if it has another type, or more elements than an array
   */
  public float[] floats() {
    return new Elements(this).floats();
  }

  /** An F32 tensor over a copy of the values. */
  public static TensorData ofFloats(String name, long[] shape, float[] values) {
    MemorySegment bytes = MemorySegment.ofArray(new float[values.length]);
    MemorySegment.copy(values, 0, bytes, Elements.F32, 0, values.length);
    return of(name, DType.F32, shape, bytes);
  }
}
