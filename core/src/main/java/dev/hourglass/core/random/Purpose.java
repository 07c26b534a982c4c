package dev.hourglass.core.random;

/**
 * What a random stream is for: the first coordinate of its name, so that no two uses collide. Every
 * use in Hourglass is listed here, with the coordinates that follow. The numbers are part of what a
 * seed means: they never change.
 */
public enum Purpose {
  /** Initial weights; then the hash of the tensor's name. */
  INITIAL_WEIGHTS(0x696e6974L),
  /** The order of an epoch's images; then epoch. */
  IMAGE_ORDER(0x6f72646572L),
  /** The augmentation of a training image; then its position among all images drawn. */
  AUGMENTATION(0x6175676d656e74L),
  /** The noise that a training image is mixed with; then its position. */
  TRAINING_NOISE(0x6e6f6973L),
  /** Uniforms behind the noise levels of a training batch; then step, image. */
  NOISE_LEVEL(0x6e6f6973_65000001L),
  /** Whether a training image keeps its class; then its position. */
  CLASS_DROPOUT(0x636c6472L),
  /** Dropout of activations; then position of the image, place in the network. */
  DROPOUT(0x64726f70L),
  /** The noise that sampling starts from; then draw, image, chunk. */
  INITIAL_NOISE(0x6e6f6973_65000002L),
  /** Noise that a sampler adds on its way; then draw, image, chunk. */
  STEP_NOISE(0x6e6f6973_65000003L),
  /** The nodes of a virtual Brownian tree; then image, level, index, chunk. */
  BROWNIAN(0x6e6f6973_65000004L),
  /** The signs that the divergence of the probability flow is estimated with; then image. */
  DIVERGENCE(0x64697665L),
  /** Which images of a set a measurement takes. */
  IMAGE_CHOICE(0x63686f69L),
  /** The noise that a held-out image is mixed with; then image, level. */
  VALIDATION_NOISE(0x76616c6964L),
  /** The class that an image is drawn of where classes are as frequent as in a set; then image. */
  CLASS_CHOICE(0x636c6173L),
  /** Which images a resample for a standard error takes; then resample. */
  RESAMPLING(0x72657361L),
  /** Made-up images to measure a training step with. */
  SYNTHETIC_IMAGES(0x696d6773L),
  /** Which patches of an image stand for it; then image, level of its pyramid. */
  PATCHES(0x70617463L),
  /** Directions that a distribution is projected onto; then level, repeat. */
  DIRECTIONS(0x64697273L),
  /** Seeds of the noise where steps are done again; then which time, 0 for the way back. */
  REPEATED_STEPS(0x72657065L);

  private final long coordinate;

  Purpose(long coordinate) {
    this.coordinate = coordinate;
  }

  long coordinate() {
    return coordinate;
  }
}
