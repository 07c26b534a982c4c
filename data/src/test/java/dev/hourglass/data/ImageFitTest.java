package dev.hourglass.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.config.Size;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.image.ImageDecoder;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageFitTest {

  @ParameterizedTest
  @CsvSource({"resized-16.png, 16, 16", "resized-50.png, 50, 50", "cut-20x12.png, 20, 12"})
  void resizesAndCutsExactlyAsPillow(String expected, int height, int width) throws Exception {
    DecodedImage fitted = ImageFit.fit(golden("source.png"), new Size(height, width), 3);
    assertThat(fitted.pixels()).isEqualTo(golden(expected).pixels());
  }

  @Test
  void turnsColourToGrayExactlyAsPillow() throws Exception {
    assertThat(golden("source.png").withChannels(1).pixels())
        .isEqualTo(golden("luma.png").pixels());
  }

  @Test
  void leavesAnImageOfTheRightSizeAlone() {
    DecodedImage image = TestImages.pattern(6, 9, 3, 1);
    assertThat(ImageFit.fit(image, new Size(6, 9), 3)).isSameAs(image);
  }

  @Test
  void repeatsGrayForRgb() {
    DecodedImage gray = TestImages.pattern(2, 2, 1, 1);
    byte[] p = gray.pixels();
    assertThat(ImageFit.fit(gray, new Size(2, 2), 3).pixels())
        .containsExactly(p[0], p[0], p[0], p[1], p[1], p[1], p[2], p[2], p[2], p[3], p[3], p[3]);
  }

  @Property(tries = 100)
  void keepsAConstantImageConstant(
      @ForAll @IntRange(min = 1, max = 60) int height,
      @ForAll @IntRange(min = 1, max = 60) int width,
      @ForAll @IntRange(min = 1, max = 40) int targetHeight,
      @ForAll @IntRange(min = 1, max = 40) int targetWidth,
      @ForAll byte value) {
    byte[] pixels = new byte[height * width];
    Arrays.fill(pixels, value);
    DecodedImage fitted =
        ImageFit.fit(
            new DecodedImage(height, width, 1, pixels), new Size(targetHeight, targetWidth), 1);
    assertThat(fitted.height()).isEqualTo(targetHeight);
    assertThat(fitted.width()).isEqualTo(targetWidth);
    assertThat(fitted.pixels()).containsOnly(value);
  }

  @Test
  void averagesAFineCheckerboardToGray() {
    byte[] pixels = new byte[64 * 64];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) ((i % 64 + i / 64) % 2 * 255);
    }
    byte[] shrunk = ImageFit.fit(new DecodedImage(64, 64, 1, pixels), new Size(8, 8), 1).pixels();
    for (byte sample : shrunk) {
      assertThat(sample & 0xFF).isBetween(125, 130);
    }
  }

  @Test
  void cutsTheCentreOfBannersHoweverLong() {
    byte[] pixels = new byte[200_000];
    Arrays.fill(pixels, 99_000, 101_000, (byte) 200);
    DecodedImage banner = new DecodedImage(1, 200_000, 1, pixels);
    assertThat(ImageFit.fit(banner, new Size(512, 512), 1).pixels()).containsOnly((byte) 200);
    DecodedImage tower = new DecodedImage(200_000, 1, 1, pixels);
    assertThat(ImageFit.fit(tower, new Size(512, 512), 1).pixels()).containsOnly((byte) 200);
  }

  @Test
  void floatsSpanMinusOneToOneAndComeByChannel() {
    byte[] pixels = {0, (byte) 255, 51, (byte) 204, 0, (byte) 255};
    assertThat(new DecodedImage(1, 2, 3, pixels).toFloats())
        .containsExactly(-1f, 204 / 127.5f - 1, 1f, -1f, 51 / 127.5f - 1, 1f);
  }

  private static DecodedImage golden(String name) throws CorruptImageException {
    return ImageDecoder.decode(name, TestImages.resource(name));
  }
}
