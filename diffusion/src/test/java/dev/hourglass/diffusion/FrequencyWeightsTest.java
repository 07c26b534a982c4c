package dev.hourglass.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class FrequencyWeightsTest {

  private static final Pattern KEY = Pattern.compile("loss_scales=(.+) h=(\\d+) w=(\\d+)");

  @Test
  void weightsAreTheGoldenOnes() {
    try (Golden golden = Golden.open("variants/weightings.safetensors")) {
      List<String> keys = golden.keys("frequency ");
      assertThat(keys).isNotEmpty();
      for (String key : keys) {
        Matcher matcher = KEY.matcher(key);
        assertThat(matcher.matches()).isTrue();
        double[] weights =
            new FrequencyWeights(
                    Integer.parseInt(matcher.group(2)),
                    Integer.parseInt(matcher.group(3)),
                    Double.parseDouble(matcher.group(1)))
                .weights();
        assertThat(Golden.worst(key, weights, golden.doubles("frequency " + key)))
            .isLessThan(1e-14);
      }
    }
  }

  @Test
  void theTransformIsTheGoldenOneAndKeepsTheSumOfSquares() {
    try (Golden golden = Golden.open("variants/weightings.safetensors")) {
      Tensor images = golden.tensor("in.dct");
      double[] transformed = Tensors.toDoubles(new FrequencyWeights(13, 10, 1).transform(images));
      assertThat(Golden.worst("dct", transformed, golden.doubles("out.dct"))).isLessThan(1e-14);
      assertThat(energy(transformed)).isCloseTo(energy(Tensors.toDoubles(images)), within(1e-10));
    }
  }

  @Test
  void oneScaleCountsAllFrequenciesTheSameEvenInAnImageOfOneRow() {
    assertThat(new FrequencyWeights(1, 5, 1).weights())
        .containsExactly(new double[] {1, 1, 1, 1, 1});
  }

  private static double energy(double[] values) {
    return Arrays.stream(values).map(value -> value * value).sum();
  }
}
