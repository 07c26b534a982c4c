package dev.hourglass.kernels.random;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.core.random.RandomStream;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NormalNumbersTest {

  @Property(tries = 200)
  void areThoseOfTheStreamToTheBit(
      @ForAll long seed,
      @ForAll @IntRange(max = 20) int from,
      @ForAll @IntRange(max = 2000) int count) {
    float[] expected = new float[from + count + 5];
    float[] numbers = new float[from + count + 5];
    RandomStream.of(seed).fillGaussian(expected, from, from + count);

    NormalNumbers.fill(RandomStream.of(seed), numbers, from, from + count);

    assertThat(Arrays.mismatch(numbers, expected)).isEqualTo(-1);
  }

  /** Some 200 of these are too near to the middle between two floats for the polynomials. */
  @Test
  void areTheSameInTenMillion() {
    int count = 10_000_000;
    float[] expected = new float[count];
    float[] numbers = new float[count];
    RandomStream.of(11).fillGaussian(expected, 0, count);

    NormalNumbers.fill(RandomStream.of(11), numbers, 0, count);

    assertThat(Arrays.mismatch(numbers, expected)).isEqualTo(-1);
  }
}
