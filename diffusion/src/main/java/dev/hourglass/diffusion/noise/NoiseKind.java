package dev.hourglass.diffusion.noise;

/** The noise that a sampler wants from its {@link NoiseSource}. */
public enum NoiseKind {
  /** It draws none. */
  NONE,
  /** Draws independent of one another: {@link ImageNoise}. */
  INDEPENDENT,
  /**
   * Increments of one Brownian motion over the noise levels, so that finer grids refine the same
   * path: {@link BrownianNoise}.
   */
  BROWNIAN
}
