package dev.hourglass.sampling.denoise;

/**
 * How often models are evaluated to draw images, counted by the image.
 *
 * @param main of the model
 * @param guiding of the weaker one that guides it: itself without a class, or another
 */
public record Evaluations(long main, long guiding) {

  /** Those that guidance at every noise level would have taken besides. */
  public long saved() {
    return main - guiding;
  }
}
