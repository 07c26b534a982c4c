package dev.hourglass.data.image;

import dev.hourglass.data.image.blocks.UnreadableException;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.util.Arrays;

/**
 * CIE 1976 L*a*b* under D50, as TIFF stores it, to sRGB. Exact at 33 values of each sample and
 * interpolated between them, which is LittleCMS's way with 8 bits and so what other programs show;
 * the difference is up to 30 levels, where colours lie at the border of sRGB.
 */
final class CieLab {

  /** TIFF's photometric interpretation where a* and b* have signs. */
  static final int SIGNED = 8;

  /** The one where 128 is added to them. */
  static final int OFFSET = 9;

  private static final double[] D50 = {0.9642, 1, 0.8249};

  /** From X, Y, Z under D50 to linear sRGB, adapted by Bradford's method. */
  private static final double[][] XYZ_TO_SRGB = {
    {3.1338561, -1.6168667, -0.4906146},
    {-0.9787684, 1.9161415, 0.0334540},
    {0.0719453, -0.2289914, 1.4052427}
  };

  /** Nodes a side of the table; the samples 0 to 255 lie between the first and the last. */
  private static final int NODES = 33;

  private static final double NODES_PER_LEVEL = (NODES - 1) / 255.0;

  /** Steps to the next node along L*, a* and b*. */
  private static final int[] STRIDES = {3 * NODES * NODES, 3 * NODES, 3};

  private CieLab() {}

  /** Made when the first such picture is read. */
  private static final class Table {

    /** Red, green and blue from 0 to 255: {@code [L*, a*, b*, 3]}. */
    static final float[] COLOURS = new float[3 * NODES * NODES * NODES];

    static {
      for (int at = 0; at < COLOURS.length; at += 3) {
        double[] lab = new double[3];
        for (int axis = 0; axis < 3; axis++) {
          lab[axis] = at / STRIDES[axis] % NODES / NODES_PER_LEVEL;
        }
        putRgb(lab[0] / 2.55, lab[1] - 128, lab[2] - 128, at);
      }
    }

    private static void putRgb(double lightness, double a, double b, int at) {
      double fy = (lightness + 16) / 116;
      double[] xyz = {
        D50[0] * inverse(fy + a / 500), D50[1] * inverse(fy), D50[2] * inverse(fy - b / 200)
      };
      for (int c = 0; c < 3; c++) {
        double[] weights = XYZ_TO_SRGB[c];
        double linear = weights[0] * xyz[0] + weights[1] * xyz[1] + weights[2] * xyz[2];
        COLOURS[at + c] = (float) (255 * encoded(Math.clamp(linear, 0, 1)));
      }
    }

    private static double inverse(double f) {
      return f > 6.0 / 29 ? f * f * f : 3 * (6.0 / 29) * (6.0 / 29) * (f - 4.0 / 29);
    }

    private static double encoded(double linear) {
      return linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.pow(linear, 1 / 2.4) - 0.055;
    }
  }

  /**
   * Converts samples of 8 bits.
   *
   * @throws UnreadableException if they have other sizes
   */
  static BufferedImage toSrgb(Raster lab, int photometric) throws UnreadableException {
    if (lab.getTransferType() != DataBuffer.TYPE_BYTE || lab.getNumBands() != 3) {
      throw new UnreadableException(
          "its L*a*b* colours have other than three samples of 8 bits; save it as sRGB");
    }
    int width = lab.getWidth();
    BufferedImage image = new BufferedImage(width, lab.getHeight(), BufferedImage.TYPE_INT_RGB);
    int flip = photometric == SIGNED ? 0x80 : 0;
    int[] row = new int[3 * width];
    for (int y = 0; y < lab.getHeight(); y++) {
      lab.getPixels(lab.getMinX(), lab.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int[] samples = {row[3 * x], row[3 * x + 1] ^ flip, row[3 * x + 2] ^ flip};
        image.setRGB(x, y, interpolated(samples));
      }
    }
    return image;
  }

  /** Within the tetrahedron of the nodes that are met on the way along the longest step first. */
  private static int interpolated(int[] samples) {
    float[] beyond = new float[3];
    int at = 0;
    for (int axis = 0; axis < 3; axis++) {
      double place = samples[axis] * NODES_PER_LEVEL;
      int node = Math.min((int) place, NODES - 2);
      beyond[axis] = (float) (place - node);
      at += node * STRIDES[axis];
    }
    float[] rgb = Arrays.copyOfRange(Table.COLOURS, at, at + 3);
    for (int step = 0; step < 3; step++) {
      int axis = 0;
      for (int other = 1; other < 3; other++) {
        axis = beyond[other] > beyond[axis] ? other : axis;
      }
      int next = at + STRIDES[axis];
      for (int c = 0; c < 3; c++) {
        rgb[c] += beyond[axis] * (Table.COLOURS[next + c] - Table.COLOURS[at + c]);
      }
      at = next;
      beyond[axis] = -1;
    }
    return Math.round(rgb[0]) << 16 | Math.round(rgb[1]) << 8 | Math.round(rgb[2]);
  }
}
