package dev.hourglass.safetensors;

/**
 * The values of the 8-bit floating-point types, all of which a float holds exactly.
 *
 * <p>"FP8 Formats for Deep Learning" (Micikevicius et al. 2022) for E4M3 and E5M2, "8-bit Numerical
 * Formats for Deep Neural Networks" (Noune et al. 2022) for the FNUZ forms, the OCP's "Microscaling
 * Formats" for E8M0.
 */
final class Float8 {

  private static final int CODES = 256;

  private Float8() {}

  /** The value of each code, 0 to 255. */
  static float[] values(DType dtype) {
    float[] values = new float[CODES];
    for (int code = 0; code < CODES; code++) {
      values[code] = value(dtype, code);
    }
    return values;
  }

  private static float value(DType dtype, int code) {
    int magnitude = code & 0x7f;
    boolean minusZero = code == 0x80;
    return switch (dtype) {
      // No infinities; only all ones is no number.
      case F8_E4M3 -> magnitude == 0x7f ? Float.NaN : value(code, 3, 7);
      case F8_E5M2 -> Float.float16ToFloat((short) (code << 8));
      case F8_E4M3FNUZ -> minusZero ? Float.NaN : value(code, 3, 8);
      case F8_E5M2FNUZ -> minusZero ? Float.NaN : value(code, 2, 16);
      case F8_E8M0 -> code == 0xff ? Float.NaN : Math.scalb(1f, code - 127);
      default -> throw new IllegalArgumentException(dtype + " is no 8-bit float");
    };
  }

  /** Sign, exponent and mantissa, read as in IEEE 754 but without infinities and NaNs. */
  private static float value(int code, int mantissaBits, int bias) {
    int exponent = (code & 0x7f) >> mantissaBits;
    int mantissa = code & ((1 << mantissaBits) - 1);
    float magnitude =
        exponent == 0
            ? Math.scalb((float) mantissa, 1 - bias - mantissaBits)
            : Math.scalb((float) ((1 << mantissaBits) + mantissa), exponent - bias - mantissaBits);
    return (code & 0x80) == 0 ? magnitude : -magnitude;
  }
}
