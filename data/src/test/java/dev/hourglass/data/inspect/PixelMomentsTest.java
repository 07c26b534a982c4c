package dev.hourglass.data.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.data.TestImages;
import dev.hourglass.data.image.DecodedImage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PixelMomentsTest {

  @Property(tries = 60)
  void momentsAreThoseOfTheFloatsThatTrainingSees(
      @ForAll @IntRange(min = 1, max = 23) int height,
      @ForAll @IntRange(min = 1, max = 17) int width,
      @ForAll boolean gray,
      @ForAll int seed) {
    int channels = gray ? 1 : 3;
    DecodedImage image = TestImages.pattern(height, width, channels, seed);
    PixelMoments[] moments = PixelMoments.ofChannels(image);
    assertThat(moments).hasSize(channels);
    float[] floats = image.toFloats();
    int plane = height * width;
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      for (int i = 0; i < plane; i++) {
        sum += floats[c * plane + i];
      }
      double mean = sum / plane;
      double squares = 0;
      for (int i = 0; i < plane; i++) {
        squares += Math.pow(floats[c * plane + i] - mean, 2);
      }
      // The floats are rounded; the sums of bytes are not.
      assertThat(moments[c].mean()).isEqualTo(mean, within(1e-6));
      assertThat(moments[c].deviation()).isEqualTo(Math.sqrt(squares / plane), within(1e-6));
    }
  }

  @Test
  void nothingCancelsHoweverManySamplesThereAre() {
    PixelMoments sum = PixelMoments.ofChannels(new DecodedImage(1, 2, 1, new byte[] {-1, -2}))[0];
    for (int doubling = 0; doubling < 40; doubling++) {
      sum.add(sum);
    }
    // 255 and 254, 2^40 times each.
    assertThat(sum.mean()).isEqualTo(254.5 / 127.5 - 1);
    assertThat(sum.deviation()).isEqualTo(0.5 / 127.5);
  }

  @Test
  void oneColourHasNoDeviation() {
    DecodedImage image = new DecodedImage(2, 2, 1, new byte[] {77, 77, 77, 77});
    assertThat(PixelMoments.ofChannels(image)[0].deviation()).isZero();
  }
}
