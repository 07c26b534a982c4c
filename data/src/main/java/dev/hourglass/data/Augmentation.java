package dev.hourglass.data;

import dev.hourglass.config.Size;
import dev.hourglass.core.random.RandomStream;

/**
 * One draw of the geometric augmentation of Karras et al., "Elucidating the design space of
 * diffusion-based generative models" (2022), appendix F.2, with the parametrisation of k-diffusion:
 * mirroring, scaling, rotation, anisotropic scaling and translation as one affine map, and nine
 * numbers that tell the model which map it was.
 *
 * <p>Left-right mirroring happens with probability 1/2, each other kind with the probability given,
 * independently. The nine numbers are, in this order: mirrored left-right (0 or 1); mirrored
 * top-bottom (0 or 1); log of the scale in steps of 2^0.2; cos of the rotation minus 1; sin of the
 * rotation; log of the anisotropy in steps of 2^0.2, times cos and times sin of its direction;
 * translation along x and along y in eighths of the width and of the height. The identity is all
 * zeros.
 *
 * <p>The map moves a point of the image, in pixels with the origin at the centre of the top left
 * pixel, x to the right and y down, and leaves the image's true centre where it is but for the
 * translation. (k-diffusion scales the translation along x by the height and that along y by the
 * width; the two agree on square images.)
 *
 * @param matrix 3 x 3, row by row, the last row 0 0 1
 * @param conditioning {@code [9]}
 */
@SuppressWarnings("ArrayRecordComponent") // Small plain buffers, written once.
public record Augmentation(double[] matrix, float[] conditioning) {

  /** The length of the conditioning vector. */
  public static final int CONDITIONING_SIZE = 9;

  private static final double SCALE_BASE = Math.pow(2, 0.2);
  private static final double ANISOTROPY_BASE = Math.pow(2, 0.2);
  private static final double TRANSLATION_UNIT = 1.0 / 8;

  /** No change: the identity and the zero vector. */
  public static Augmentation none() {
    return new Augmentation(scaling(1, 1), new float[CONDITIONING_SIZE]);
  }

  /**
   * Draws an augmentation. The same count of random numbers is taken whatever comes out.
   *
   * @param probability of each kind but left-right mirroring; 0 means no augmentation at all, so
   *     that images and vectors stay as they are
   * @param size of the images to be warped
   */
  public static Augmentation sample(RandomStream random, double probability, Size size) {
    if (probability == 0) {
      return none();
    }
    double mirrorX = random.nextInt(2);
    double mirrorY = when(occurs(random, probability), random.nextInt(2));
    double logScale = when(occurs(random, probability), random.nextGaussian());
    double rotation = when(occurs(random, probability), angle(random));
    boolean anisotropic = occurs(random, probability);
    double direction = when(anisotropic, angle(random));
    double logAnisotropy = when(anisotropic, random.nextGaussian());
    boolean translated = occurs(random, probability);
    double shiftX = when(translated, random.nextGaussian());
    double shiftY = when(translated, random.nextGaussian());
    return of(
        new Parameters(
            mirrorX, mirrorY, logScale, rotation, direction, logAnisotropy, shiftX, shiftY),
        size);
  }

  /**
   * What an augmentation is made of, in the order and units of k-diffusion's a0 to a7.
   *
   * @param rotation in radians
   * @param direction of the anisotropy, in radians
   */
  record Parameters(
      double mirrorX,
      double mirrorY,
      double logScale,
      double rotation,
      double direction,
      double logAnisotropy,
      double shiftX,
      double shiftY) {}

  /** The map and the nine numbers of given parameters. */
  static Augmentation of(Parameters p, Size size) {
    double centreX = size.width() / 2.0 - 0.5;
    double centreY = size.height() / 2.0 - 0.5;
    double scale = Math.pow(SCALE_BASE, p.logScale);
    double stretch = Math.pow(ANISOTROPY_BASE, p.logAnisotropy);
    double[] matrix =
        product(
            translation(centreX, centreY),
            scaling(1 - 2 * p.mirrorX, 1),
            scaling(1, 1 - 2 * p.mirrorY),
            scaling(scale, scale),
            rotation(-p.rotation),
            rotation(p.direction),
            scaling(stretch, 1 / stretch),
            rotation(-p.direction),
            translation(
                TRANSLATION_UNIT * size.width() * p.shiftX,
                TRANSLATION_UNIT * size.height() * p.shiftY),
            translation(-centreX, -centreY));
    float[] conditioning = {
      (float) p.mirrorX,
      (float) p.mirrorY,
      (float) p.logScale,
      (float) (Math.cos(p.rotation) - 1),
      (float) Math.sin(p.rotation),
      (float) (p.logAnisotropy * Math.cos(p.direction)),
      (float) (p.logAnisotropy * Math.sin(p.direction)),
      (float) p.shiftX,
      (float) p.shiftY
    };
    return new Augmentation(matrix, conditioning);
  }

  private static boolean occurs(RandomStream random, double probability) {
    return random.nextDouble() < probability;
  }

  private static double when(boolean occurs, double value) {
    return occurs ? value : 0;
  }

  private static double angle(RandomStream random) {
    return (2 * random.nextDouble() - 1) * Math.PI;
  }

  /**
   * The image moved by the map: one cubic (Catmull-Rom) interpolation, with the image mirrored at
   * its border pixels, as scikit-image's {@code warp(order=3, mode="reflect")}. Not clipped.
   *
   * @param image {@code [channels, height, width]}
   * @return {@code [channels, height, width]}
   */
  public float[] warp(float[] image, int channels, Size size) {
    float[] warped = new float[image.length];
    CubicWarp.warp(image, channels, size, inverse(), warped, 0);
    return warped;
  }

  /** {@link #warp(float[], int, Size)} into a part of a larger array. */
  void warp(float[] image, int channels, Size size, float[] target, int offset) {
    CubicWarp.warp(image, channels, size, inverse(), target, offset);
  }

  /** The inverse of the matrix: where each target pixel comes from. */
  private double[] inverse() {
    double a = matrix[0];
    double b = matrix[1];
    double c = matrix[3];
    double d = matrix[4];
    double determinant = a * d - b * c;
    double ia = d / determinant;
    double ib = -b / determinant;
    double ic = -c / determinant;
    double id = a / determinant;
    double x = -(ia * matrix[2] + ib * matrix[5]);
    double y = -(ic * matrix[2] + id * matrix[5]);
    return new double[] {ia, ib, x, ic, id, y, 0, 0, 1};
  }

  private static double[] translation(double x, double y) {
    return new double[] {1, 0, x, 0, 1, y, 0, 0, 1};
  }

  private static double[] scaling(double x, double y) {
    return new double[] {x, 0, 0, 0, y, 0, 0, 0, 1};
  }

  private static double[] rotation(double angle) {
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    return new double[] {cos, -sin, 0, sin, cos, 0, 0, 0, 1};
  }

  private static double[] product(double[]... matrices) {
    double[] product = matrices[0];
    for (int m = 1; m < matrices.length; m++) {
      double[] next = new double[9];
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
          for (int k = 0; k < 3; k++) {
            next[3 * i + j] += product[3 * i + k] * matrices[m][3 * k + j];
          }
        }
      }
      product = next;
    }
    return product;
  }
}
