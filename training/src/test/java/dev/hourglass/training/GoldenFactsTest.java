package dev.hourglass.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.compute.Kernels;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.cost.ModelCost;
import dev.hourglass.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** Parameters and multiply-accumulates of every golden case, as counted by the other programs. */
final class GoldenFactsTest {

  static List<Path> cases() {
    return Stream.concat(GoldenCase.folders().stream(), GoldenCase.variants().stream()).toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theCountsAreThoseOfTheFacts(Path folder) throws IOException {
    ObjectNode facts = JsonText.parseObject(Files.readString(folder.resolve("facts.json")));
    ModelConfig model =
        new GoldenCase(folder, ScalarType.Double, Kernels.REFERENCE).config().model();
    ModelCost cost = ModelCost.of(model, model.inputSize());
    assertThat(cost.parameters()).isEqualTo(facts.get("parameters").longValue());
    assertThat(cost.macs()).isEqualTo(facts.get("forward_macs_per_image").longValue());
  }
}
