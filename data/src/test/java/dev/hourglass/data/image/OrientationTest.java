package dev.hourglass.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrientationTest {

  /** Stored as rows 1 2 3 and 4 5 6. */
  private static final DecodedImage STORED =
      new DecodedImage(2, 3, 1, new byte[] {1, 2, 3, 4, 5, 6});

  @ParameterizedTest
  @CsvSource({
    "1, 123 456",
    "2, 321 654",
    "3, 654 321",
    "4, 456 123",
    "5, 14 25 36",
    "6, 41 52 63",
    "7, 63 52 41",
    "8, 36 25 14",
  })
  void theEightValuesTurnThePicture(int value, String rows) {
    DecodedImage upright = Orientation.ofExif(exif(ByteOrder.BIG_ENDIAN, value)).upright(STORED);
    StringBuilder seen = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      seen.append(i > 0 && i % upright.width() == 0 ? " " : "").append(upright.pixels()[i]);
    }
    assertThat(seen.toString()).isEqualTo(rows);
    assertThat(upright.height()).isEqualTo(rows.split(" ").length);
  }

  @Property(tries = 50)
  void whatWasTurnedUprightCanBeHadAsItWasStored(
      @ForAll Orientation orientation,
      @ForAll @IntRange(min = 1, max = 9) int height,
      @ForAll @IntRange(min = 1, max = 9) int width) {
    byte[] pixels = new byte[3 * height * width];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) i;
    }
    DecodedImage stored = new DecodedImage(height, width, 3, pixels);
    DecodedImage back = orientation.upright(stored).asStored();
    assertThat(back.pixels()).isEqualTo(pixels);
    assertThat(new int[] {back.height(), back.width()}).containsExactly(height, width);
    assertThat(back.asStored()).as("once is enough").isSameAs(back);
  }

  @Test
  void aFileCanBeHadAsItWasStored() throws Exception {
    DecodedImage upright = ImageDecoder.decode("a", Pictures.file("exif6.png"));
    DecodedImage plain = ImageDecoder.decode("b", Pictures.file("png-named.jpg"));
    assertThat(upright.height()).isEqualTo(plain.width());
    assertThat(upright.asStored().pixels()).isEqualTo(plain.pixels());
  }

  @Test
  void bothByteOrdersAreRead() {
    assertThat(Orientation.ofExif(exif(ByteOrder.LITTLE_ENDIAN, 6)))
        .isEqualTo(Orientation.QUARTER_TURN_RIGHT);
    assertThat(Orientation.ofExif(exif(ByteOrder.BIG_ENDIAN, 8)))
        .isEqualTo(Orientation.QUARTER_TURN_LEFT);
  }

  @Test
  void damagedExifIsIgnored() {
    byte[] exif = exif(ByteOrder.BIG_ENDIAN, 6);
    for (int length = 0; length < exif.length - 6; length++) {
      assertThat(Orientation.ofExif(Arrays.copyOf(exif, length))).isEqualTo(Orientation.NORMAL);
    }
    assertThat(Orientation.ofExif(exif(ByteOrder.BIG_ENDIAN, 0))).isEqualTo(Orientation.NORMAL);
    assertThat(Orientation.ofExif(exif(ByteOrder.BIG_ENDIAN, 9))).isEqualTo(Orientation.NORMAL);
  }

  @Property(tries = 500)
  void anyBytesAreAnOrientation(@ForAll byte[] bytes, @ForAll boolean isBig) {
    byte[] exif = Arrays.copyOf(exif(ByteOrder.BIG_ENDIAN, 6), 26 + bytes.length);
    System.arraycopy(bytes, 0, exif, 4, Math.min(bytes.length, exif.length - 4));
    exif[3] = (byte) (isBig ? 43 : 42);
    assertThat(Orientation.ofExif(exif)).isNotNull();
  }

  /** One directory with one entry. */
  private static byte[] exif(ByteOrder order, int orientation) {
    ByteBuffer exif = ByteBuffer.allocate(26).order(order);
    exif.putShort((short) (order == ByteOrder.BIG_ENDIAN ? 0x4D4D : 0x4949)).putShort((short) 42);
    exif.putInt(8).putShort((short) 1);
    exif.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
    return exif.array();
  }
}
