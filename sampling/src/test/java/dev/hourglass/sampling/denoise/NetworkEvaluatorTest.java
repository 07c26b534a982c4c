package dev.hourglass.sampling.denoise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.compute.Compute;
import dev.hourglass.compute.Kernels;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.model.Parameters;
import dev.hourglass.ops.Precision;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkEvaluatorTest {

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"FP32", "BF16"})
  void imagesOfDifferentLevelsAndClassesAreTheSameToTheBitTogetherAndAlone(Precision precision) {
    ModelFile file = ModelFile.open(Path.of("../models/emoji-64.safetensors"));
    try (Parameters weights = file.averagedWeights();
        PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      NetworkEvaluator network =
          new NetworkEvaluator(
              file.config().model(), weights, new Compute(Kernels.VECTOR, precision).ops());
      List<Evaluation> evaluations = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        evaluations.add(evaluation(i, 1 + i % 2));
      }
      float[] together = Tensors.toFloats(network.denoise(evaluations));
      int from = 0;
      for (Evaluation each : evaluations) {
        float[] alone = Tensors.toFloats(network.denoise(each));
        assertThat(Arrays.copyOfRange(together, from, from + alone.length)).containsExactly(alone);
        from += alone.length;
      }
      assertThat(from).isEqualTo(together.length);
    }
  }

  /** Of a level and class of its own. */
  private static Evaluation evaluation(int number, int images) {
    float[] values = new float[images * 3 * 64 * 64];
    RandomStream.of(number, 1).fillGaussian(values, 0, values.length);
    ClassMixture classes = new ClassMixture(number, (number + 1) % 9, number == 3 ? 0.25 : 0);
    return new Evaluation(
        Tensors.ofFloats(values, images, 3, 64, 64),
        0.05 * (1 + number * number),
        Collections.nCopies(images, new Condition(classes, List.of())));
  }
}
