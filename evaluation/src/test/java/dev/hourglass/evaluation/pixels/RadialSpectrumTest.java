package dev.hourglass.evaluation.pixels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.InputException;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

class RadialSpectrumTest {

  @Property(tries = 30)
  void theDistanceIsSymmetricAndZeroForEqualSets(
      @ForAll @IntRange(min = 2, max = 40) int height,
      @ForAll @IntRange(min = 2, max = 40) int width) {
    RadialSpectrum a = spectrum(height, width, noise(1, 3 * height * width, 256));
    RadialSpectrum same = spectrum(height, width, noise(1, 3 * height * width, 256));
    RadialSpectrum b = spectrum(height, width, noise(2, 3 * height * width, 200));
    assertThat(a.values()).hasSize(Math.min(height, width) / 2);
    assertThat(a.decibelsTo(same)).isZero();
    assertThat(a.decibelsTo(b)).isPositive().isCloseTo(b.decibelsTo(a), within(1e-12));
  }

  @Test
  void whiteNoiseHasItsVarianceAtEveryFrequency() {
    double[] values = spectrum(32, 32, noise(1, 3 * 32 * 32 * 40, 256)).values();
    double variance = (256 * 256 - 1) / 12.0;
    assertThat(values).containsExactly(constant(values.length, variance), within(0.12 * variance));
  }

  @Test
  void aWaveIsInTheRingOfItsFrequency() {
    // 100 + 100 cos(2 pi 4 x / 16): |FFT|^2 = (50 * 16 * 16)^2 at two of the ring's frequencies.
    float[] wave = new float[3 * 16 * 16];
    for (int i = 0; i < wave.length; i++) {
      wave[i] = 100 + 100 * new int[] {1, 0, -1, 0}[i % 4];
    }
    double[] values = spectrum(16, 16, wave).values();
    int inRing = 0;
    for (int v = -8; v < 8; v++) {
      for (int u = -8; u < 8; u++) {
        inRing += Math.round(Math.hypot(u, v)) == 4 ? 1 : 0;
      }
    }
    double[] expected = new double[8];
    expected[3] = 2 * 50.0 * 50 * 16 * 16 / inRing;
    assertThat(values).containsExactly(expected, within(1e-9));
  }

  @Test
  void twiceTheContrastIsSixDecibels() {
    float[] images = noise(1, 3 * 24 * 30 * 10, 128);
    float[] stronger = images.clone();
    for (int i = 0; i < stronger.length; i++) {
      stronger[i] *= 2;
    }
    assertThat(spectrum(24, 30, images).decibelsTo(spectrum(24, 30, stronger)))
        .isCloseTo(20 * Math.log10(2), within(1e-3));
  }

  @Test
  void partsMergeToTheWhole() {
    float[] images = noise(1, 3 * 20 * 21 * 4, 256);
    RadialSpectrum whole = spectrum(20, 21, images);
    RadialSpectrum part = spectrum(20, 21, Arrays.copyOf(images, images.length / 4));
    part.merge(spectrum(20, 21, Arrays.copyOfRange(images, images.length / 4, images.length)));
    double[] expected = whole.values();
    for (int i = 0; i < expected.length; i++) {
      assertThat(part.values()[i]).isCloseTo(expected[i], within(1e-12 * expected[i]));
    }
  }

  @Test
  void constantImagesAreAtAFiniteDistance() {
    RadialSpectrum constant = spectrum(16, 16, new float[3 * 16 * 16]);
    RadialSpectrum noise = spectrum(16, 16, noise(1, 3 * 16 * 16, 256));
    assertThat(constant.decibelsTo(noise)).isBetween(40.0, 55.0);
  }

  @Test
  void setsThatCannotBeComparedAreRefused() {
    RadialSpectrum some = spectrum(16, 16, new float[3 * 16 * 16]);
    assertThatThrownBy(() -> new RadialSpectrum(1, 16)).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> some.decibelsTo(new RadialSpectrum(16, 18)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("16 x 16 and 18 x 16");
    assertThatThrownBy(() -> some.decibelsTo(new RadialSpectrum(16, 16)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no images");
  }

  private static RadialSpectrum spectrum(int height, int width, float[] images) {
    RadialSpectrum spectrum = new RadialSpectrum(height, width);
    long count = images.length / 3 / height / width;
    Scope.run(
        () -> spectrum.add(Tensors.ofFloats(images, count, 3, height, width).to(ScalarType.Byte)));
    return spectrum;
  }

  private static float[] noise(int which, int length, int levels) {
    RandomStream stream = RandomStream.of(which, length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = stream.nextInt(levels);
    }
    return values;
  }

  private static double[] constant(int length, double value) {
    double[] values = new double[length];
    Arrays.fill(values, value);
    return values;
  }
}
