package dev.hourglass.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.data.TestImages;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp", "tif"})
  void losslessColourImagesComeBackExactly(String format) throws Exception {
    BufferedImage image = TestImages.flat(5, 7, 0x102030);
    image.setRGB(6, 4, 0xFFC001);
    DecodedImage decoded = ImageDecoder.decode("a", TestImages.encode(image, format));
    assertThat(new int[] {decoded.height(), decoded.width(), decoded.channels()})
        .containsExactly(5, 7, 3);
    assertThat(Arrays.copyOf(decoded.pixels(), 3)).containsExactly(0x10, 0x20, 0x30);
    assertThat(Arrays.copyOfRange(decoded.pixels(), 102, 105)).containsExactly(0xFF, 0xC0, 0x01);
  }

  @Test
  void jpegComesBackNearlyAsItWas() throws Exception {
    byte[] jpeg = TestImages.encode(TestImages.flat(16, 16, 0x406080), "jpg");
    DecodedImage decoded = ImageDecoder.decode("a", jpeg);
    assertThat(decoded.channels()).isEqualTo(3);
    assertThat(TestImages.at(decoded, 8, 8, 0)).isCloseTo(0x40, within(3));
    assertThat(TestImages.at(decoded, 8, 8, 2)).isCloseTo(0x80, within(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "gif"})
  void grayStaysGrayWithItsOwnValues(String format) throws Exception {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 64; i++) {
      image.getRaster().setSample(i % 8, i / 8, 0, 100);
    }
    DecodedImage decoded = ImageDecoder.decode("a", TestImages.encode(image, format));
    assertThat(decoded.channels()).isEqualTo(1);
    assertThat(decoded.pixels()).containsOnly(100);
  }

  @Test
  void sixteenBitsAreRoundedToEight() throws Exception {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(0, 0, 0, 65535);
    image.getRaster().setSample(1, 0, 0, 257 * 130 + 100);
    image.getRaster().setSample(2, 0, 0, 257 * 130 + 200);
    DecodedImage decoded = ImageDecoder.decode("a", TestImages.encode(image, "png"));
    assertThat(decoded.pixels()).containsExactly(255, 130, 131);
  }

  @Test
  void palettesAreResolved() throws Exception {
    byte[] red = {10, (byte) 200};
    byte[] green = {20, (byte) 100};
    byte[] blue = {30, 0};
    BufferedImage image =
        new BufferedImage(
            2, 1, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(8, 2, red, green, blue));
    image.getRaster().setSample(1, 0, 0, 1);
    DecodedImage decoded = ImageDecoder.decode("a", TestImages.encode(image, "png"));
    assertThat(decoded.pixels()).containsExactly(10, 20, 30, 200, 100, 0);
  }

  @ParameterizedTest
  @CsvSource({"255, 40", "0, 255", "128, 147", "51, 212"})
  void alphaIsBlendedOverWhite(int alpha, int expected) throws Exception {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, alpha << 24 | 0x282828);
    DecodedImage decoded = ImageDecoder.decode("a", TestImages.encode(image, "png"));
    assertThat(TestImages.at(decoded, 0, 0, 1)).isEqualTo(expected);
  }

  @Test
  void grayWithAlphaIsBlendedOverWhite() throws Exception {
    ColorSpace gray = ColorSpace.getInstance(ColorSpace.CS_GRAY);
    ComponentColorModel model =
        new ComponentColorModel(
            gray, true, false, ComponentColorModel.TRANSLUCENT, DataBuffer.TYPE_BYTE);
    WritableRaster raster = model.createCompatibleWritableRaster(2, 1);
    raster.setPixels(0, 0, 2, 1, new int[] {40, 128, 90, 0});
    DecodedImage decoded = SrgbPixels.of(Picture.of(new BufferedImage(model, raster, false, null)));
    assertThat(decoded.channels()).isEqualTo(1);
    assertThat(decoded.pixels()).containsExactly(147, 255);
  }

  @Test
  void packedPixelsWithAlphaAreBlendedOverWhite() throws Exception {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB_PRE);
    image.setRGB(0, 0, 0x80FF0000);
    DecodedImage decoded = SrgbPixels.of(Picture.of(image));
    assertThat(TestImages.at(decoded, 0, 0, 0)).isEqualTo(255);
    assertThat(TestImages.at(decoded, 0, 0, 1)).isEqualTo(127);
  }

  @Test
  void cmykJpegBecomesRgb() throws Exception {
    DecodedImage decoded = ImageDecoder.decode("cmyk.jpg", TestImages.resource("cyan-cmyk.jpg"));
    assertThat(decoded.channels()).isEqualTo(3);
    assertThat(TestImages.at(decoded, 8, 8, 0)).as("no red in cyan").isLessThan(60);
    assertThat(TestImages.at(decoded, 8, 8, 2)).as("blue in cyan").isGreaterThan(180);
  }

  @ParameterizedTest
  @ValueSource(strings = {"black-square.webp", "keycap-zero.webp"})
  void webpWithAlphaIsReadOverWhite(String name) throws Exception {
    DecodedImage decoded = ImageDecoder.decode(name, TestImages.resource(name));
    assertThat(new int[] {decoded.height(), decoded.width(), decoded.channels()})
        .containsExactly(256, 256, 3);
    assertThat(TestImages.at(decoded, 0, 0, 0)).as("transparent corner").isEqualTo(255);
    assertThat(TestImages.at(decoded, 128, 128, 0)).as("drawn centre").isLessThan(120);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "bmp", "gif", "tif"})
  void filesCutShortAreCorruptAndNamed(String format) {
    byte[] whole = TestImages.encode(noise(), format);
    for (double part : new double[] {0.99, 0.6, 0.2}) {
      byte[] cut = Arrays.copyOf(whole, (int) (whole.length * part));
      assertThatThrownBy(() -> ImageDecoder.decode("dir/cut." + format, cut))
          .as("%s of %s", part, format)
          .isInstanceOf(CorruptImageException.class)
          .hasMessageStartingWith("dir/cut." + format + ": ");
    }
  }

  @Test
  void webpCutShortIsCorrupt() {
    byte[] whole = TestImages.resource("keycap-zero.webp");
    assertThatThrownBy(() -> ImageDecoder.decode("a", Arrays.copyOf(whole, whole.length / 2)))
        .isInstanceOf(CorruptImageException.class);
  }

  @Test
  void pngOverwrittenInTheMiddleIsCorrupt() {
    byte[] file = TestImages.encode(noise(), "png");
    file[file.length / 2] ^= 1;
    assertThatThrownBy(() -> ImageDecoder.decode("a", file))
        .isInstanceOf(CorruptImageException.class)
        .hasMessage("a: a checksum in the PNG file is wrong");
  }

  @Test
  void endingsAreReadWhateverTheirCaseAndOnlyThoseWithADecoder() {
    assertThat(ImageDecoder.reads("A.PNG")).isTrue();
    assertThat(ImageDecoder.reads("a.b.webp")).isTrue();
    assertThat(ImageDecoder.reads("a.txt")).isFalse();
    assertThat(ImageDecoder.reads("png")).isFalse();
    assertThat(ImageDecoder.extensionList())
        .isEqualTo(
            ".png, .apng, .jpg, .jpeg, .jpe, .jfif, .webp, .bmp, .dib, .gif, .tif, .tiff, .ppm,"
                + " .pgm, .pbm, .pnm");
    assertThat(ImageDecoder.reads("a.avif")).as("no decoder").isFalse();
  }

  @Test
  void theContentTellsTheFormatAndNotTheName() throws Exception {
    DecodedImage byContent = ImageDecoder.decode("a.jpg", TestImages.png(2, 3, 0x0A0B0C));
    assertThat(Arrays.copyOf(byContent.pixels(), 3)).containsExactly(10, 11, 12);
  }

  @Test
  void theFirstFrameOfAnAnimationWithAlphaIsThatOfTheStillPicture() throws Exception {
    byte[] still = Pictures.file("alpha-lossy.webp");
    DecodedImage expected = ImageDecoder.decode("still", still);
    DecodedImage frame = ImageDecoder.decode("animation", animation(still, 2, 3));
    assertThat(frame.width()).isEqualTo(expected.width() + 4);
    assertThat(frame.height()).isEqualTo(expected.height() + 6);
    for (int y = 0; y < frame.height(); y++) {
      for (int x = 0; x < frame.width(); x++) {
        boolean inside = x >= 4 && y >= 6 && x < expected.width() + 4 && y < expected.height() + 6;
        for (int c = 0; c < 3; c++) {
          assertThat(TestImages.at(frame, y, x, c))
              .isEqualTo(inside ? TestImages.at(expected, y - 6, x - 4, c) : 255);
        }
      }
    }
  }

  @Test
  void aFrameOutsideOfItsCanvasIsCorrupt() {
    byte[] animation = animation(Pictures.file("alpha-lossy.webp"), 2, 3);
    animation[24] = 0; // A canvas one pixel wide.
    assertThatThrownBy(() -> ImageDecoder.decode("a", animation))
        .hasMessage("a: its first frame lies outside of its canvas");
  }

  /** The still picture as the only frame, two times so many pixels from the upper left corner. */
  private static byte[] animation(byte[] still, int halfX, int halfY) {
    int parts = 30; // RIFF header and VP8X
    ByteBuffer file = ByteBuffer.allocate(still.length + 14 + 24).order(ByteOrder.LITTLE_ENDIAN);
    file.put(still, 0, parts);
    file.putInt(4, file.capacity() - 8).put(20, (byte) 0x12);
    file.put(24, (byte) (still[24] + 2 * halfX)).put(27, (byte) (still[27] + 2 * halfY));
    file.put("ANIM".getBytes(StandardCharsets.US_ASCII)).putInt(6).putInt(0).putShort((short) 0);
    file.put("ANMF".getBytes(StandardCharsets.US_ASCII)).putInt(16 + still.length - parts);
    file.put(new byte[] {(byte) halfX, 0, 0, (byte) halfY, 0, 0});
    file.put(still, 24, 6).putInt(100);
    file.put(still, parts, still.length - parts);
    return file.array();
  }

  private static BufferedImage noise() {
    BufferedImage image = TestImages.flat(40, 50, 0);
    for (int i = 0; i < 2000; i++) {
      image.setRGB(i % 50, i / 50, i * 0x9E3779B1);
    }
    return image;
  }
}
