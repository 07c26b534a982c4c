package dev.hourglass.data;

import dev.hourglass.config.Size;

/**
 * An affine warp with Catmull-Rom interpolation and reflected borders (the border pixel is not
 * repeated).
 */
final class CubicWarp {

  private static final int TAPS = 4;

  private CubicWarp() {}

  /**
   * Warps an image.
   *
   * @param image {@code [channels, height, width]}
   * @param inverse 3 x 3: from a target pixel (x, y, 1) to the source point it shows
   * @param target receives {@code [channels, height, width]} from {@code offset} on
   */
  static void warp(
      float[] image, int channels, Size size, double[] inverse, float[] target, int offset) {
    int height = size.height();
    int width = size.width();
    int plane = height * width;
    int[] columns = new int[TAPS];
    int[] rowStarts = new int[TAPS];
    double[] weightsX = new double[TAPS];
    double[] weightsY = new double[TAPS];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double sourceX = inverse[0] * x + inverse[1] * y + inverse[2];
        double sourceY = inverse[3] * x + inverse[4] * y + inverse[5];
        double floorX = Math.floor(sourceX);
        double floorY = Math.floor(sourceY);
        boolean exact = sourceX == floorX && sourceY == floorY;
        for (int t = 0; t < TAPS; t++) {
          columns[t] = reflect((int) floorX - 1 + t, width);
          rowStarts[t] = reflect((int) floorY - 1 + t, height) * width;
        }
        catmullRom(sourceX - floorX, weightsX);
        catmullRom(sourceY - floorY, weightsY);
        int at = offset + y * width + x;
        for (int c = 0; c < channels; c++) {
          // Half of all images are only mirrored or not moved at all: their pixels are copied.
          target[at + c * plane] =
              exact
                  ? image[c * plane + rowStarts[1] + columns[1]]
                  : interpolate(image, c * plane, rowStarts, columns, weightsY, weightsX);
        }
      }
    }
  }

  private static float interpolate(
      float[] image,
      int from,
      int[] rowStarts,
      int[] columns,
      double[] weightsY,
      double[] weightsX) {
    double sum = 0;
    for (int i = 0; i < TAPS; i++) {
      int row = from + rowStarts[i];
      double inRow = 0;
      for (int j = 0; j < TAPS; j++) {
        inRow += weightsX[j] * image[row + columns[j]];
      }
      sum += weightsY[i] * inRow;
    }
    return (float) sum;
  }

  /** The weights of the pixels at -1, 0, 1, 2 for a point at {@code t} in [0, 1). */
  private static void catmullRom(double t, double[] weights) {
    weights[0] = 0.5 * t * (-1 + t * (2 - t));
    weights[1] = 1 + 0.5 * t * t * (-5 + 3 * t);
    weights[2] = 0.5 * t * (1 + t * (4 - 3 * t));
    weights[3] = 0.5 * t * t * (t - 1);
  }

  /** The index that the mirrored image has at {@code i}: 2 1 | 0 1 2 3 | 2 1 for a length of 4. */
  static int reflect(int i, int length) {
    if (i >= 0 && i < length) {
      return i;
    }
    if (length == 1) {
      return 0;
    }
    int period = 2 * (length - 1);
    int folded = Math.floorMod(i, period);
    return folded < length ? folded : period - folded;
  }
}
