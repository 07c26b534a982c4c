package dev.hourglass.torchfile;

import dev.hourglass.safetensors.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.List;

/**
 * A view of a storage.
 *
 * @param dtype the type of the elements, that of the storage unless it is untyped
 * @param offset of the first element, in elements
 * @param shape outermost dimension first
 * @param strides in elements, one for each dimension
 */
record TorchTensor(
    Storage storage, DType dtype, long offset, List<Long> shape, List<Long> strides) {

  private static final int MAX_DIMENSIONS = 64;

  /**
   * Checks that the view lies within its storage, and, so that a small file cannot claim much
   * memory, that it shows no more elements than the storage has.
   *
   * @throws IllegalArgumentException if not, with the reason
   * @throws ArithmeticException if the size overflows
   */
  TorchTensor {
    shape = List.copyOf(shape);
    strides = List.copyOf(strides);
    if (shape.size() != strides.size() || shape.size() > MAX_DIMENSIONS) {
      throw new IllegalArgumentException(
          "%d dimensions and %d strides".formatted(shape.size(), strides.size()));
    }
    long elements = 1;
    long last = offset;
    for (int i = 0; i < shape.size(); i++) {
      long size = shape.get(i);
      long stride = strides.get(i);
      if (size < 0 || stride < 0) {
        throw new IllegalArgumentException("a dimension %d of stride %d".formatted(size, stride));
      }
      elements = Math.multiplyExact(elements, size);
      last = Math.addExact(last, Math.multiplyExact(Math.max(0, size - 1), stride));
    }
    long capacity = storage.bytes() / bytes(dtype);
    boolean fits = elements == 0 || (last < capacity && elements <= capacity);
    if (offset < 0 || !fits) {
      throw new IllegalArgumentException(
          "a view of %d elements from %d to %d in a storage of %d"
              .formatted(elements, offset, last, capacity));
    }
  }

  private static int bytes(DType dtype) {
    return dtype.bits() / Byte.SIZE;
  }

  /** The elements in row-major order: a part of the storage where it has that order, or a copy. */
  MemorySegment rowMajor(MemorySegment content, SegmentAllocator allocator) {
    long elements = shape.stream().reduce(1L, (a, b) -> a * b);
    int bytes = bytes(dtype);
    if (elements == 0) {
      return content.asSlice(0, 0);
    }
    if (isRowMajor()) {
      return content.asSlice(offset * bytes, elements * bytes);
    }
    MemorySegment copy = allocator.allocate(elements * bytes, bytes);
    gather(content, copy, 0, offset, 0);
    return copy;
  }

  private boolean isRowMajor() {
    long expected = 1;
    for (int i = shape.size() - 1; i >= 0; i--) {
      if (shape.get(i) != 1 && strides.get(i) != expected) {
        return false;
      }
      expected *= shape.get(i);
    }
    return true;
  }

  /**
   * Copies all that lies below one index of the outer dimensions.
   *
   * @return the element of the copy that comes next
   */
  private long gather(MemorySegment from, MemorySegment to, int dimension, long at, long next) {
    int bytes = bytes(dtype);
    if (dimension == shape.size()) {
      MemorySegment.copy(from, at * bytes, to, next * bytes, bytes);
      return next + 1;
    }
    long filled = next;
    for (long i = 0; i < shape.get(dimension); i++) {
      filled = gather(from, to, dimension + 1, at + i * strides.get(dimension), filled);
    }
    return filled;
  }
}
