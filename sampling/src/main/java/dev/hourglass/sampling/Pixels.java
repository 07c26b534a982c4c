package dev.hourglass.sampling;

import dev.hourglass.tensor.Tensors;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import org.bytedeco.pytorch.Tensor;

/** From tensors in [-1, 1] to 8-bit pictures. */
final class Pixels {

  private Pixels() {}

  /**
   * An image of the same size.
   *
   * @param image {@code [c, h, w]} with 1 or 3 channels; values beyond [-1, 1] are clipped
   */
  static BufferedImage toImage(Tensor image) {
    int channels = (int) image.size(0);
    int height = (int) image.size(1);
    int width = (int) image.size(2);
    float[] values = Tensors.toFloats(image);
    BufferedImage picture =
        new BufferedImage(
            width,
            height,
            channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    byte[] bytes =
        ((DataBufferByte) picture.getRaster().getDataBuffer()).getData(); // [h, w, c], BGR
    int plane = height * width;
    for (int c = 0; c < channels; c++) {
      for (int p = 0; p < plane; p++) {
        bytes[p * channels + (channels - 1 - c)] = toByte(values[c * plane + p]);
      }
    }
    return picture;
  }

  private static byte toByte(float value) {
    return (byte) Math.round(Math.clamp((value + 1) * 127.5f, 0f, 255f));
  }
}
