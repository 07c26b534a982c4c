package dev.hourglass.kernels.memory;

/**
 * The numbers of {@code 2^x} on vectors: x is split into the whole number n next to it, by adding
 * {@link #ROUNDER}, and the rest f; a polynomial gives {@code 2^f}, and n is added to its exponent.
 * Kernels write the operations themselves ({@link Lanes} says why).
 */
public final class PowerOfTwo {

  /** Added to a float, rounds it to an integer, which then lies in the lowest bits. */
  public static final float ROUNDER = 0x1.8p23f;

  /** Where the exponent of a float begins. */
  public static final int EXPONENT_SHIFT = 23;

  // The coefficients for f in [-1/2, 1/2], of f^0 first: right to 9e-8 of the result.
  public static final float E0 = 1;
  public static final float E1 = 0.693147f;
  public static final float E2 = 0.24022242f;
  public static final float E3 = 0.055507336f;
  public static final float E4 = 0.009671513f;
  public static final float E5 = 0.0013264727f;

  private PowerOfTwo() {}
}
