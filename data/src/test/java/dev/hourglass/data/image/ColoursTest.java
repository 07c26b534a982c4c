package dev.hourglass.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.data.TestImages;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColoursTest {

  @Test
  void srgbUnderAnyNameChangesNothing() throws Exception {
    byte[] icc = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
    assertThat(ColourProfile.of(icc)).isEmpty();
    assertThat(ColourProfile.of(CodedColours.of(new byte[] {1, 13, 0, 1}).get().profile(3)))
        .isEmpty();
    assertThat(ColourProfile.of(CodedColours.of(new byte[] {1, 13, 0, 1}).get().profile(1)))
        .isEmpty();
  }

  @Test
  void damagedProfilesAreIgnored() {
    assertThat(ColourProfile.of(new byte[0])).isEmpty();
    assertThat(ColourProfile.of(new byte[200])).isEmpty();
    byte[] icc = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    assertThat(ColourProfile.of(icc)).isPresent();
    assertThat(ColourProfile.of(Pictures.cut(icc, icc.length / 2))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 8, 55, 128", // linear light: (55/255) becomes sRGB's middle
    "12, 13, 128, 128", // Display P3 has sRGB's curve
    "9, 8, 55, 128",
  })
  void grayStaysGrayInEveryNamedSpace(int primaries, int transfer, int stored, int shown)
      throws Exception {
    byte[] cicp = {(byte) primaries, (byte) transfer, 0, 1};
    DecodedImage decoded = ImageDecoder.decode("a", withChunk(rgbPng(stored), "cICP", cicp));
    for (int c = 0; c < 3; c++) {
      assertThat(TestImages.at(decoded, 0, 0, c)).isBetween(shown - 1, shown + 1);
    }
  }

  @Test
  void namesThatAreNotKnownLeaveTheProfileInForce() throws Exception {
    byte[] file = Pictures.file("icc-p3.png");
    byte[] unknown = {2, 2, 0, 1};
    assertThat(ImageDecoder.decode("a", withChunk(file, "cICP", unknown)).pixels())
        .isEqualTo(ImageDecoder.decode("a", file).pixels());
  }

  @Test
  void highDynamicRangeIsRefused() {
    for (byte transfer : new byte[] {16, 18}) {
      byte[] file = withChunk(rgbPng(9), "cICP", new byte[] {9, transfer, 0, 1});
      assertThatThrownBy(() -> ImageDecoder.decode("a", file))
          .isInstanceOf(CorruptImageException.class)
          .hasMessageContaining("of high dynamic range");
    }
  }

  @Test
  void gammaIsNotApplied() throws Exception {
    byte[] linear = ByteBuffer.allocate(4).putInt(100_000).array();
    DecodedImage decoded = ImageDecoder.decode("a", withChunk(rgbPng(50), "gAMA", linear));
    assertThat(TestImages.at(decoded, 0, 0, 0)).isEqualTo(50);
  }

  private static byte[] rgbPng(int gray) {
    return TestImages.png(1, 1, gray * 0x010101);
  }

  /** With another chunk behind the header. */
  private static byte[] withChunk(byte[] png, String type, byte[] content) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + content.length).putInt(content.length);
    chunk.put(type.getBytes(StandardCharsets.US_ASCII)).put(content);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + content.length);
    chunk.putInt((int) crc.getValue());
    int behindHeader = 33;
    byte[] rest = Arrays.copyOfRange(png, behindHeader, png.length);
    return Pictures.joined(Pictures.joined(Pictures.cut(png, behindHeader), chunk.array()), rest);
  }
}
