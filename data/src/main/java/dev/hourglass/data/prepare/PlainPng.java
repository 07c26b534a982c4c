package dev.hourglass.data.prepare;

import dev.hourglass.data.image.DecodedImage;
import java.awt.Point;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Images as PNG files without a colour profile or other extras, gray with one channel, packed
 * lightly: what was saved on the disk by packing tightly is not worth the time.
 */
final class PlainPng {

  /** Deflate level 1: the JDK's writer takes {@code 9 - round(9 quality)}. */
  private static final float QUALITY = 8 / 9f;

  private PlainPng() {}

  /** The bytes of a file with exactly these samples. */
  static byte[] encode(DecodedImage image) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(image.pixels().length);
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      ImageWriteParam settings = writer.getDefaultWriteParam();
      settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      settings.setCompressionQuality(QUALITY);
      writer.write(null, new IIOImage(wrapped(image), null, null), settings);
    } catch (IOException e) {
      throw new IllegalStateException(e); // Memory does not fail.
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** The samples as ImageIO takes them, not copied. */
  private static BufferedImage wrapped(DecodedImage image) {
    int channels = image.channels();
    WritableRaster raster =
        Raster.createInterleavedRaster(
            new DataBufferByte(image.pixels(), image.pixels().length),
            image.width(),
            image.height(),
            image.width() * channels,
            channels,
            IntStream.range(0, channels).toArray(), // [h, w, c]
            new Point());
    ColorModel colours =
        new ComponentColorModel(
            ColorSpace.getInstance(channels == 1 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_BYTE);
    return new BufferedImage(colours, raster, false, null);
  }
}
