package dev.hourglass.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.data.image.Pictures.Truth;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every picture holds what Pillow and libwebp say that it holds. */
class PicturesAgainstTruthTest {

  /** Where a profile is at work, two ways to the same colours may round differently. */
  private static final int PROFILE_TOLERANCE = 2;

  static List<Truth> truths() {
    return Pictures.truths();
  }

  @ParameterizedTest
  @MethodSource("truths")
  void everySampleIsThatOfTheTruth(Truth truth) throws Exception {
    DecodedImage decoded = decode(truth);
    assertThat(new int[] {decoded.height(), decoded.width()})
        .containsExactly(truth.height(), truth.width());
    byte[] samples = decoded.withChannels(3).pixels();
    if (truth.digest() != null) {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(samples);
      assertThat(HexFormat.of().formatHex(digest)).isEqualTo(truth.digest());
    } else {
      int[] differences =
          IntStream.range(0, samples.length)
              .map(i -> Math.abs((samples[i] & 0xFF) - (truth.samples()[i] & 0xFF)))
              .toArray();
      assertThat(Arrays.stream(differences).max().orElseThrow())
          .isLessThanOrEqualTo(PROFILE_TOLERANCE);
    }
  }

  @Test
  void manyThreadsDecodeTheSamePixelsAsOne() throws Exception {
    List<Truth> truths = truths();
    List<byte[]> alone = truths.stream().map(PicturesAgainstTruthTest::pixels).toList();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Boolean>> tasks =
          IntStream.range(0, 4 * truths.size())
              .mapToObj(i -> i % truths.size())
              .<Callable<Boolean>>map(i -> () -> Arrays.equals(pixels(truths.get(i)), alone.get(i)))
              .toList();
      for (Future<Boolean> same : threads.invokeAll(tasks)) {
        assertThat(same.get()).isTrue();
      }
    }
  }

  private static byte[] pixels(Truth truth) {
    try {
      return decode(truth).pixels();
    } catch (CorruptImageException e) {
      throw new AssertionError(e);
    }
  }

  private static DecodedImage decode(Truth truth) throws CorruptImageException {
    return ImageDecoder.decode(truth.picture(), Pictures.file(truth.picture()));
  }
}
