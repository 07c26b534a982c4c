package dev.hourglass.data;

import dev.hourglass.data.image.DecodedImage;
import java.util.Arrays;

/**
 * Bicubic resizing with antialiasing and cropping in one go: the same filter, fixed-point sums and
 * order of passes as Pillow's {@code Image.resize(..., BICUBIC)}, which prepared the images of most
 * published models.
 *
 * <p>The kernel is Keys' cubic with a = -0.5; when shrinking, its support grows by the ratio of the
 * sizes, so that every source pixel counts. (TwelveMonkeys' ResampleOp was tried first: it shifts
 * the image by half a target pixel when it shrinks one.)
 */
final class ImageResizer {

  private static final double A = -0.5;
  private static final int SUPPORT = 2;

  /** Eight bits are left for the sample and two for overshoot. */
  private static final int PRECISION = 32 - 8 - 2;

  private ImageResizer() {}

  /**
   * One side of an image: scaled from one length to another, of which a part is kept. Only what is
   * kept is ever computed, so the length between may be huge, as it is for a banner.
   *
   * @param from length in the source, in pixels
   * @param to length after scaling
   * @param offset where the part that is kept begins, within {@code to}
   * @param length of the part that is kept
   */
  record Side(int from, long to, long offset, int length) {}

  /** The image scaled and cropped: columns first, then rows, rounded to 8 bits after each. */
  static DecodedImage resize(DecodedImage image, Side vertical, Side horizontal) {
    int channels = image.channels();
    Taps rows = Taps.of(vertical);
    Taps columns = Taps.of(horizontal);
    int firstRow = Arrays.stream(rows.first).min().orElseThrow();
    int endRow = 0;
    for (int y = 0; y < vertical.length; y++) {
      endRow = Math.max(endRow, rows.first[y] + rows.weights[y].length);
    }
    byte[] narrowed = new byte[(endRow - firstRow) * horizontal.length * channels]; // [h0, w, c]
    for (int y = firstRow; y < endRow; y++) {
      int to = (y - firstRow) * horizontal.length * channels;
      convolveRow(image.pixels(), y * image.width(), columns, channels, narrowed, to);
    }
    byte[] pixels = new byte[vertical.length * horizontal.length * channels]; // [h, w, c]
    int stride = horizontal.length * channels;
    for (int y = 0; y < vertical.length; y++) {
      int from = (rows.first[y] - firstRow) * stride;
      for (int i = 0; i < stride; i++) {
        pixels[y * stride + i] = convolve(narrowed, from + i, stride, rows.weights[y]);
      }
    }
    return new DecodedImage(vertical.length, horizontal.length, channels, pixels);
  }

  private static void convolveRow(
      byte[] source, int rowStart, Taps columns, int channels, byte[] target, int to) {
    for (int x = 0; x < columns.first.length; x++) {
      int from = (rowStart + columns.first[x]) * channels;
      for (int c = 0; c < channels; c++) {
        target[to + x * channels + c] = convolve(source, from + c, channels, columns.weights[x]);
      }
    }
  }

  private static byte convolve(byte[] source, int from, int stride, int[] weights) {
    int sum = 1 << (PRECISION - 1);
    int at = from;
    for (int weight : weights) {
      sum += (source[at] & 0xFF) * weight;
      at += stride;
    }
    return (byte) Math.clamp(sum >> PRECISION, 0, 255);
  }

  /** For each target pixel the first source pixel it draws on, and the weights from there on. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Taps(int[] first, int[][] weights) {

    static Taps of(Side side) {
      double scale = (double) side.from / side.to;
      double stretch = Math.max(scale, 1);
      double support = SUPPORT * stretch;
      int[] first = new int[side.length];
      int[][] weights = new int[side.length][];
      for (int i = 0; i < side.length; i++) {
        double centre = (side.offset + i + 0.5) * scale;
        first[i] = Math.max((int) (centre - support + 0.5), 0);
        int end = Math.min((int) (centre + support + 0.5), side.from);
        double[] exact = new double[end - first[i]];
        double sum = 0;
        for (int j = 0; j < exact.length; j++) {
          exact[j] = kernel((first[i] + j - centre + 0.5) / stretch);
          sum += exact[j];
        }
        weights[i] = new int[exact.length];
        for (int j = 0; j < exact.length; j++) {
          // Rounds half away from zero, as a C cast after adding a signed half does.
          double fixed = exact[j] / sum * (1 << PRECISION);
          weights[i][j] = (int) (fixed + Math.copySign(0.5, fixed));
        }
      }
      return new Taps(first, weights);
    }

    private static double kernel(double offset) {
      double x = Math.abs(offset);
      if (x < 1) {
        return ((A + 2) * x - (A + 3)) * x * x + 1;
      }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
    }
  }
}
