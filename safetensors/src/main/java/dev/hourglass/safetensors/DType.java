package dev.hourglass.safetensors;

/**
 * The element types of a safetensors file; all are stored little-endian, those of fewer than 8 bits
 * packed.
 *
 * <p>They are declared in the order in which the reference implementation lays tensors out: the
 * widest first, so that every tensor is aligned to its element size, and in a fixed order among
 * types of one width.
 */
public enum DType {
  U64(64),
  I64(64),
  F64(64),
  /** Two F32: the real and the imaginary part. */
  C64(64),
  F32(32),
  U32(32),
  I32(32),
  /** The upper half of an F32. */
  BF16(16),
  /** IEEE 754 binary16. */
  F16(16),
  U16(16),
  I16(16),
  /** As F8_E5M2 with the bias 16, no infinities and one NaN in the place of -0. */
  F8_E5M2FNUZ(8),
  /** As F8_E4M3 with the bias 8 and one NaN in the place of -0. */
  F8_E4M3FNUZ(8),
  /** Powers of two: an exponent with the bias 127 and nothing else. */
  F8_E8M0(8),
  /** 4 bits of exponent, 3 of mantissa; no infinities. */
  F8_E4M3(8),
  /** The upper half of an F16. */
  F8_E5M2(8),
  I8(8),
  U8(8),
  F6_E3M2(6),
  F6_E2M3(6),
  /** 2 bits of exponent, 1 of mantissa. */
  F4(4),
  /** One byte an element: 0 or 1. */
  BOOL(8);

  private final int bits;

  DType(int bits) {
    this.bits = bits;
  }

  /** The size of one element in bits: 4, 6, 8, 16, 32 or 64. */
  public int bits() {
    return bits;
  }

  /** Whether the elements are floating-point numbers that a float holds exactly, or F64. */
  public boolean isFloat() {
    return switch (this) {
      case F64, F32, BF16, F16 -> true;
      default -> isFloat8();
    };
  }

  /** Whether the elements are floating-point numbers of 8 bits. */
  public boolean isFloat8() {
    return switch (this) {
      case F8_E5M2FNUZ, F8_E4M3FNUZ, F8_E8M0, F8_E4M3, F8_E5M2 -> true;
      default -> false;
    };
  }
}
