package dev.hourglass.data.image;

import dev.hourglass.data.image.blocks.UnreadableException;
import java.awt.image.DataBuffer;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;

/** Samples of different sizes to 8 bits. */
final class Samples {

  /** Half a level of 8 bits: so far a floating-point sample may lie outside of 0 to 1. */
  private static final float SLACK = 0.5f / 255;

  private static final int MAX_SHORT = 0xFFFF;

  private Samples() {}

  /**
   * The samples as whole numbers of at most 16 bits; floating-point ones from 0 to 1 become 16
   * bits.
   *
   * @throws UnreadableException if they are of a kind, or reach a value, whose brightness nothing
   *     tells
   */
  static Raster upTo16Bits(Raster raster) throws UnreadableException {
    return switch (raster.getTransferType()) {
      case DataBuffer.TYPE_BYTE, DataBuffer.TYPE_USHORT -> raster;
      case DataBuffer.TYPE_FLOAT, DataBuffer.TYPE_DOUBLE -> fromFloats(raster);
      default ->
          throw new UnreadableException(
              "its samples are whole numbers with a sign or of 32 bits, and nothing tells which of"
                  + " them is white; save it with 8 or 16 bits");
    };
  }

  private static Raster fromFloats(Raster raster) throws UnreadableException {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    WritableRaster shorts =
        Raster.createInterleavedRaster(
            DataBuffer.TYPE_USHORT, width, raster.getHeight(), bands, null);
    float[] row = new float[width * bands];
    int[] rounded = new int[width * bands];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int i = 0; i < row.length; i++) {
        if (!(row[i] >= -SLACK && row[i] <= 1 + SLACK)) {
          throw new UnreadableException(
              "one of its floating-point samples is %s, and only 0 (black) to 1 (white) have a meaning; save it with 8 or 16 bits"
                  .formatted(row[i]));
        }
        rounded[i] = Math.round(Math.clamp(row[i], 0, 1) * MAX_SHORT);
      }
      shorts.setPixels(0, y, width, 1, rounded);
    }
    return shorts;
  }

  /**
   * Bands of a raster, rounded to 8 bits.
   *
   * @param first band
   * @return {@code [h, w, count]}
   */
  static byte[] eightBits(Raster raster, int first, int count) {
    int height = raster.getHeight();
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    byte[] samples = new byte[height * width * count];
    if (raster.getTransferType() == DataBuffer.TYPE_BYTE
        && raster.getSampleModel() instanceof PixelInterleavedSampleModel
        && raster.getSampleModel().getSampleSize(0) == 8) {
      byte[] row = new byte[width * bands];
      for (int y = 0; y < height; y++) {
        raster.getDataElements(raster.getMinX(), raster.getMinY() + y, width, 1, row);
        for (int x = 0; x < width; x++) {
          for (int c = 0; c < count; c++) {
            samples[(y * width + x) * count + c] = row[x * bands + first + c];
          }
        }
      }
      return samples;
    }
    int[] row = new int[width * bands];
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int c = 0; c < count; c++) {
        int max = (1 << raster.getSampleModel().getSampleSize(first + c)) - 1;
        for (int x = 0; x < width; x++) {
          samples[(y * width + x) * count + c] = (byte) eightBits(row[x * bands + first + c], max);
        }
      }
    }
    return samples;
  }

  private static int eightBits(int sample, int max) {
    return max == 255 ? sample : (int) ((sample * 255L + max / 2) / max);
  }
}
