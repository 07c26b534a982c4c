package dev.hourglass.testing;

/**
 * How coarsely a computation may round: as if every input were off by {@code count} roundings of a
 * number format.
 *
 * <p>A single operation needs the larger counts: a sum over {@code n} terms of either sign, added
 * one after another, is off by about {@code sqrt(n) / 2} roundings of its terms, so that 32 hold
 * for thousands of them in any order. In a whole model the roundings of many operations average
 * out; most of its results are off by one or two.
 *
 * @param unit the largest relative error of one rounding
 */
public record Rounding(double unit, int count) {

  /** One operation in float32. */
  public static final Rounding FLOAT32 = new Rounding(0x1p-24, 32);

  /** A whole model in float32. */
  public static final Rounding FLOAT32_MODEL = new Rounding(0x1p-24, 16);

  /** One operation whose products are of bfloat16 and summed in float32. */
  public static final Rounding BFLOAT16 = new Rounding(0x1p-8, 2);

  /** A whole model whose products are of bfloat16. */
  public static final Rounding BFLOAT16_MODEL = new Rounding(0x1p-8, 2);

  /** The relative size of the noise that stands for all roundings together. */
  double noise() {
    return unit * count;
  }
}
