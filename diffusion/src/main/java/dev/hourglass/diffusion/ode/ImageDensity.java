package dev.hourglass.diffusion.ode;

/**
 * How likely a model finds an image.
 *
 * @param nats log of the density at the image, natural logarithm
 * @param dimensions values of the image: channels times height times width
 * @param evaluations of the model, each with a vector-Jacobian product
 */
public record ImageDensity(double nats, int dimensions, int evaluations) {

  /** log2 of the levels of an 8-bit value in a unit of [-1, 1]. */
  private static final double LOG2_LEVELS = Math.log(127.5) / Math.log(2);

  /** Minus log2 of the density, for each value. */
  public double bitsPerDim() {
    return -nats / (dimensions * Math.log(2));
  }

  /**
   * The same for 8-bit images scaled to [-1, 1]: the code length if the density is constant over
   * the cell of width 1/127.5 around each value.
   */
  public double bitsPerDim8Bit() {
    return bitsPerDim() + LOG2_LEVELS;
  }
}
