package dev.hourglass.data.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.data.image.Pictures.Truth;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is cut or damaged is refused; what lacks nothing but its end is read. */
class DamagedPicturesTest {

  static List<Truth> pictures() {
    return Pictures.truths();
  }

  @ParameterizedTest
  @MethodSource("pictures")
  void aCutFileIsRefusedUnlessEveryPixelIsThere(Truth picture) throws Exception {
    byte[] file = Pictures.file(picture.picture());
    DecodedImage whole = ImageDecoder.decode("whole", file);
    int step = Math.max(file.length / 50, 1);
    for (int length = file.length - 1; length > 0; length -= length > file.length - 30 ? 1 : step) {
      try {
        DecodedImage cut = ImageDecoder.decode("cut", Pictures.cut(file, length));
        assertThat(cut.pixels()).as("cut to %d bytes", length).isEqualTo(whole.pixels());
      } catch (CorruptImageException e) {
        assertThat(e.imageName()).isEqualTo("cut");
        assertThat(e.reason()).isNotBlank().doesNotContain("Exception in", "class java");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"base.jpg", "restart.jpg", "noeoi-prog.jpg", "progressive.jpg"})
  void jpegFilesOfWhichAPartIsLeftAreRefused(String name) {
    byte[] file = Pictures.file(name);
    for (int percent : new int[] {2, 5, 10, 30, 50, 70, 90, 97, 99}) {
      assertRefused(Pictures.cut(file, file.length * percent / 100), "cut short");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"noise-lossless.webp", "emoji-m0-q75.webp", "rgba16.png", "plain.gif"})
  void otherFilesOfWhichAPartIsLeftAreRefused(String name) {
    byte[] file = Pictures.file(name);
    for (int percent : new int[] {30, 50, 70, 90, 97, 99}) {
      assertRefused(Pictures.cut(file, file.length * percent / 100), "");
    }
  }

  @Test
  void jpegFilesWithoutTheirEndMarkerAreRead() throws Exception {
    byte[] file = Pictures.file("base.jpg");
    byte[] pixels = pixels(file);
    byte[] withoutEnd = Pictures.cut(file, file.length - 2);
    assertThat(pixels(withoutEnd)).isEqualTo(pixels);
    assertThat(pixels(Pictures.joined(withoutEnd, new byte[500])))
        .as("zeros in place of the end marker")
        .isEqualTo(pixels);
    assertThat(pixels(Pictures.joined(file, Pictures.file("x.ppm"))))
        .as("something else behind the end marker")
        .isEqualTo(pixels);
  }

  @Test
  void jpegFilesFilledUpWithZerosAreRefused() {
    byte[] file = Pictures.file("base.jpg");
    for (int percent : new int[] {50, 90, 97, 99}) {
      byte[] filled = file.clone();
      Arrays.fill(filled, file.length * percent / 100, file.length, (byte) 0);
      assertRefused(filled, "cut short");
    }
  }

  @Test
  void jpegFilesWithOtherBytesInTheMiddleAreRefused() {
    byte[] file = Pictures.file("base.jpg");
    Arrays.fill(file, file.length / 2, file.length / 2 + 600, (byte) 0xFF);
    assertRefused(file, "damaged or cut short");
  }

  @Test
  void jpegFilesThatLackWholeScansAreRefused() {
    byte[] file = Pictures.file("noeoi-prog.jpg");
    int scans = 0;
    for (int i = 2; i + 1 < file.length; i++) {
      if ((file[i] & 0xFF) == 0xFF && (file[i + 1] & 0xFF) == 0xDA && ++scans > 1) {
        assertRefused(Pictures.cut(file, i), "the file is cut short");
      }
    }
    assertThat(scans).isGreaterThan(5);
  }

  @Test
  void jpegPixelsThatCameTooEarlyLeaveBytesOverAndAreRefused() {
    byte[] file = Pictures.file("base.jpg");
    byte[] tail = new byte[] {0x12, 0x34, 0x56, 0x78, (byte) 0xFF, (byte) 0xD9};
    assertRefused(
        Pictures.joined(Pictures.cut(file, file.length - 2), tail), "the file is damaged");
  }

  @Test
  void pngFilesWithoutTheirEndAreReadButNotWithoutAPieceOfTheirPixels() throws Exception {
    byte[] file = Pictures.file("rgba16.png");
    byte[] pixels = pixels(file);
    assertThat(pixels(Pictures.cut(file, file.length - 12))).isEqualTo(pixels);
    assertThat(pixels(Pictures.joined(file, new byte[] {1, 2, 3}))).isEqualTo(pixels);
    assertRefused(Pictures.cut(file, file.length - 13), "the PNG file is cut short");
    int data = new String(file, ISO_8859_1).indexOf("IDAT") - 4;
    byte[] withoutPixels =
        Pictures.joined(
            Pictures.cut(file, data), Arrays.copyOfRange(file, file.length - 12, file.length));
    assertRefused(withoutPixels, "");
  }

  @Test
  void gifFilesWhosePixelsEndEarlyAreRefused() {
    byte[] file = Pictures.file("plain.gif");
    Arrays.fill(file, file.length * 6 / 10, file.length, (byte) 0);
    assertRefused(file, "the GIF file is cut short");
  }

  @Test
  void webpFilesFilledUpWithZerosAreRefused() {
    for (String name : List.of("noise-lossless.webp", "emoji-m0-q75.webp", "nat-m0-q75.webp")) {
      byte[] file = Pictures.file(name);
      Arrays.fill(file, file.length / 2, file.length, (byte) 0);
      assertRefused(file, "the WebP file ends in zeros");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "x.avif, it is in a format without a decoder here (AVIF)",
    "zstd.tif, its TIFF compression (50000) has no decoder here",
    "lzma.tif, its TIFF compression (34925) has no decoder here",
    "float255.tif, one of its floating-point samples is 5.0",
  })
  void whatHasNoDecoderOrNoMeaningIsRefusedWithTheReason(String name, String reason) {
    assertRefused(Pictures.file(name), reason);
  }

  @Test
  void otherContentAndEmptyFilesAreRefused() {
    assertRefused("<html>404</html>".getBytes(ISO_8859_1), "in no image format known here");
    assertRefused(new byte[0], "the file is empty");
    for (String beginning :
        List.of("\u0089PNG\r\n\u001A\n", "\u00FF\u00D8\u00FF", "GIF89a", "BM", "II*\0", "P6 ")) {
      assertRefused(beginning.getBytes(ISO_8859_1), "");
    }
    assertRefused("RIFF\0\0\0\0WEBP".getBytes(ISO_8859_1), "");
  }

  private static byte[] pixels(byte[] file) throws CorruptImageException {
    return ImageDecoder.decode("a", file).pixels();
  }

  private static void assertRefused(byte[] file, String reason) {
    assertThatThrownBy(() -> ImageDecoder.decode("dir/a", file))
        .isInstanceOf(CorruptImageException.class)
        .hasMessageStartingWith("dir/a: ")
        .hasMessageContaining(reason);
  }
}
