package dev.hourglass.sampling;

/**
 * How often models are evaluated to draw images, counted by the image.
 *
 * @param main of the model
 * @param guiding of the weaker one that guides it: itself without a class, or another
 */
public record Evaluations(long main, long guiding) {

  static final Evaluations ZERO = new Evaluations(0, 0);

  Evaluations plus(Evaluations others) {
    return new Evaluations(main + others.main, guiding + others.guiding);
  }

  /** Those that guidance at every noise level would have taken besides. */
  public long saved() {
    return main - guiding;
  }
}
