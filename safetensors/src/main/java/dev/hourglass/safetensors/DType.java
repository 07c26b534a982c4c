package dev.hourglass.safetensors;

/**
 * The element types of a safetensors file; all are stored little-endian.
 *
 * <p>They are declared in the order in which the reference implementation lays tensors out: the
 * widest first, so that every tensor is aligned to its element size, and in a fixed order among
 * types of one width.
 */
public enum DType {
  U64(8),
  I64(8),
  F64(8),
  F32(4),
  U32(4),
  I32(4),
  /** The upper half of an F32. */
  BF16(2),
  /** IEEE 754 binary16. */
  F16(2),
  U16(2),
  I16(2),
  F8_E4M3(1),
  F8_E5M2(1),
  I8(1),
  U8(1),
  /** One byte an element: 0 or 1. */
  BOOL(1);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** The size of one element in bytes: 1, 2, 4 or 8. */
  public int bytes() {
    return bytes;
  }
}
