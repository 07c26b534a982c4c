package dev.hourglass.diffusion;

/** What a random stream is for: the first coordinate of its name, so that no two uses collide. */
public final class Purpose {

  /** Uniforms behind the noise levels of a training batch; then step, image. */
  public static final long NOISE_LEVEL = 0x6e6f6973_65000001L;

  /** The noise that sampling starts from; then image, chunk. */
  public static final long INITIAL_NOISE = 0x6e6f6973_65000002L;

  /** Noise that a sampler adds on its way; then image, draw, chunk. */
  public static final long STEP_NOISE = 0x6e6f6973_65000003L;

  /** The nodes of a virtual Brownian tree; then image, level, index, chunk. */
  public static final long BROWNIAN = 0x6e6f6973_65000004L;

  private Purpose() {}
}
