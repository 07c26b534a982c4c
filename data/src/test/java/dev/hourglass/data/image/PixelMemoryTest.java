package dev.hourglass.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class PixelMemoryTest {

  private static final int MB = 1 << 20;

  @Test
  void aPictureThatNeedsMoreThanThereIsIsRefusedByItsSize() throws Exception {
    PixelMemory memory = new PixelMemory(MB);
    DecodedImage fits = ImageDecoder.decode("a", Pictures.file("base.jpg"), memory);
    assertThat(fits.width()).isEqualTo(300);
    assertThatThrownBy(
            () -> ImageDecoder.decode("big.webp", Pictures.file("emoji-m0-q75.webp"), memory))
        .isInstanceOf(CorruptImageException.class)
        .hasMessage(
            "big.webp: 256 x 256 pixels need about 2 MB of memory to decode, more than the 1 MB"
                + " that the Java heap has for them; shrink the picture or give Java more (-Xmx)");
  }

  @Test
  void filesThatPromiseMorePixelsThanAnyMachineHasAreRefusedAtOnce() {
    byte[] png = Pictures.file("1x1.png");
    ByteBuffer header = ByteBuffer.wrap(png);
    header.putInt(16, 60_000).putInt(20, 60_000);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    header.putInt(29, (int) crc.getValue());
    assertTooLarge(png);
    byte[] gif = Pictures.file("plain.gif");
    ByteBuffer.wrap(gif).putInt(6, -1);
    assertTooLarge(gif);
    byte[] tiff = Pictures.file("raw.tif");
    ByteBuffer.wrap(tiff)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(tiffValue(tiff, 256), 60_000)
        .putInt(tiffValue(tiff, 257), 60_000);
    assertTooLarge(tiff);
  }

  private static void assertTooLarge(byte[] file) {
    assertThatThrownBy(() -> ImageDecoder.decode("bomb", file))
        .isInstanceOf(CorruptImageException.class)
        .hasMessageContaining("more than the limit");
  }

  /** Where the value of a tag stands in a little-endian file. */
  private static int tiffValue(byte[] file, int tag) {
    ByteBuffer tiff = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int at = tiff.getInt(4) + 2;
    while (tiff.getShort(at) != tag) {
      at += 12;
    }
    return at + 8;
  }

  @Test
  void picturesThatTogetherNeedMoreThanThereIsWaitForEachOther() throws Exception {
    PixelMemory memory = new PixelMemory(4 * MB);
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        all.add(
            threads.submit(
                () -> {
                  try (PixelMemory.Share share = memory.share()) {
                    share.take(256, 256);
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    Thread.sleep(1);
                    now.decrementAndGet();
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(most.get()).isBetween(1, 2);
  }
}
