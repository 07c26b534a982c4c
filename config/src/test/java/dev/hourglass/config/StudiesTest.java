package dev.hourglass.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hourglass.architecture.Hourglass;
import dev.hourglass.architecture.part.position.Additive;
import dev.hourglass.architecture.primitive.Cost;
import dev.hourglass.architecture.primitive.Ledger;
import dev.hourglass.architecture.primitive.Shape;
import dev.hourglass.config.cost.GrownModel;
import dev.hourglass.config.cost.ModelCost;
import dev.hourglass.core.InputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The presets of the paper's studies against what the ablation code counts (ablation.json) and the
 * paper prints (paper.json).
 */
class StudiesTest {

  private static final JsonNode COUNTED =
      TestConfigs.MAPPER.readTree(TestConfigs.resource("ablation.json")).get("configs");

  private static final JsonNode ROWS =
      TestConfigs.MAPPER.readTree(TestConfigs.resource("paper.json")).get("ablation").get("rows");

  /** A weighting that the ablation code itself refuses. */
  private static final String REFUSED = "min-snr-fix";

  private static Config load(String name) {
    return Config.load(Path.of("..", "configs", name + ".jsonc"));
  }

  private static JsonNode entry(String key, String value) {
    return elements(COUNTED).filter(e -> e.path(key).asString("").equals(value)).findFirst().get();
  }

  private static Stream<JsonNode> elements(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  private static void costsWhatWasCounted(ModelConfig model, JsonNode counted) {
    assertThat(model.numClasses()).isEqualTo(counted.get("classes").intValue());
    assertThat(counted.get("gmac").properties())
        .isNotEmpty()
        .allSatisfy(
            gmac -> {
              Cost cost = walked(model, Size.parse(gmac.getKey()));
              assertThat(cost.parameters() + fixedTable(model))
                  .isEqualTo(counted.get("parameters").longValue());
              assertThat(digits((double) cost.macs()))
                  .isEqualTo(digits(1e9 * gmac.getValue().doubleValue()));
            });
    ModelCost cost = ModelCost.of(model, model.inputSize());
    Cost walked = walked(model, model.inputSize());
    assertThat(cost.parameters()).isEqualTo(walked.parameters());
    assertThat(cost.macs()).isEqualTo(walked.macs());
  }

  /**
   * The network walked as a whole: as the ablation code counts, also where a kernel is larger than
   * the grid, which {@link ModelCost} refuses.
   */
  private static Cost walked(ModelConfig model, Size size) {
    Hourglass network = model.hourglass();
    Ledger ledger = new Ledger(network.mapping().width());
    network.apply(ledger, Shape.of(size.height(), size.width(), model.inputChannels()));
    network.mapping().apply(ledger, network.mapping().inputShapes());
    return ledger.cost();
  }

  /** The table of additive positions, which the ablation code counts although it trains it not. */
  private static long fixedTable(ModelConfig model) {
    return model.parts().positions().equals(new Additive())
        ? model.grid(0, model.inputSize()).area() * model.levels().getFirst().width()
        : 0;
  }

  private static String digits(double macs) {
    return String.format(Locale.ROOT, "%.3f", macs / 1e9);
  }

  private static String whole(double gmacs) {
    return String.format(Locale.ROOT, "%.0f", gmacs);
  }

  @ParameterizedTest
  @ValueSource(strings = {"R3", "R4", "A", "B1", "B2", "C", "D", "E", "E2", "E3", "G", "H"})
  void rowsOfTheAblationCostWhatWasCounted(String row) {
    costsWhatWasCounted(preset(row), entry("row", row));
  }

  private static ModelConfig preset(String row) {
    return load("ablation/" + row.toLowerCase(Locale.ROOT)).model();
  }

  @Test
  void skipsThatAreAddedOrConcatenatedDifferFromTheFinalModelByTheirWeights() {
    Size size = Size.square(128);
    ModelCost finalModel = ModelCost.of(preset("E"), size);
    ModelCost added = ModelCost.of(preset("F2"), size);
    assertThat(added.parameters()).isEqualTo(finalModel.parameters() - 1);
    assertThat(added.macs()).isEqualTo(finalModel.macs());
    ModelCost concatenated = ModelCost.of(preset("F1"), size);
    long weights = 384 * (2 * 384);
    assertThat(concatenated.parameters()).isEqualTo(finalModel.parameters() - 1 + weights);
    assertThat(concatenated.macs()).isEqualTo(finalModel.macs() + 32 * 32 * weights);
  }

  /** Peebles and Xie 2023: DiT-B/4, 106 GMACs in the paper's table 1 (R2 is trained otherwise). */
  @Test
  void theFlatTransformerCostsWhatThePaperPrints() {
    assertThat(preset("R2").levels()).isEqualTo(preset("R1").levels());
    assertThat(preset("R2").parts()).isEqualTo(preset("R1").parts());
    costsWhatThePaperPrints("R1", preset("R1"), false);
  }

  /** At higher resolutions the paper's hourglasses have more levels. */
  @ParameterizedTest
  @ValueSource(strings = {"A", "B1", "B2", "C", "D", "E"})
  void grownHourglassesCostWhatThePaperPrints(String row) {
    costsWhatThePaperPrints(row, preset(row), true);
  }

  private static void costsWhatThePaperPrints(String row, ModelConfig model, boolean grown) {
    JsonNode printed =
        elements(ROWS).filter(e -> e.get("id").asString().equals(row)).findFirst().get();
    assertThat(printed.get("gmac").properties())
        .hasSize(3)
        .allSatisfy(
            gmac -> {
              Size size = Size.parse(gmac.getKey());
              ModelConfig atSize = grown ? GrownModel.of(model, size) : model;
              assertThat(whole(ModelCost.of(atSize, size).macs() / 1e9))
                  .isEqualTo(whole(gmac.getValue().doubleValue()));
            });
  }

  @ParameterizedTest
  @CsvSource({
    "557m-p4, 00_557M",
    "547m-p8, 01_547M_8x8",
    "508m-p16, 02_508M_16x16",
    "302m-p4, 10_302M_mid",
    "295m-p8, 11_295M_mid_8x8",
    "267m-p16, 12_267M_mid_16x16",
    "139m-p4, 20_139M_small",
    "134m-p8, 21_134M_small_8x8",
    "117m-p16, 22_117M_small_16x16"
  })
  void modelsOfTheScalingStudyCostWhatWasCounted(String preset, String theirs) {
    costsWhatWasCounted(
        load("scaling/" + preset).model(), entry("name", "fig7/attempt3/" + theirs));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5})
  void modelsOfTheFfhqStudyCostWhatWasCounted(int global) {
    costsWhatWasCounted(
        load("ffhq/%d-global".formatted(global)).model(),
        entry("name", "ffhq/config_FFHQ_85M_%dglobal".formatted(global)));
  }

  static Stream<String> theirs() {
    return elements(COUNTED).map(e -> e.get("name").asString());
  }

  /** Also those that no preset is taken from. */
  @ParameterizedTest
  @MethodSource("theirs")
  void everyModelOfTheAblationCodeCostsWhatItCounts(String name) {
    JsonNode counted = entry("name", name);
    ObjectNode model = (ObjectNode) TestConfigs.MAPPER.readTree(TestConfigs.MINIMAL).get("model");
    model.setAll((ObjectNode) counted.get("model"));
    ObjectNode root = TestConfigs.MAPPER.createObjectNode();
    root.set("model", model);
    root.putObject("dataset").put("num_classes", counted.get("classes").intValue());
    if (model.path("loss_weighting").asString("").equals(REFUSED)) {
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(() -> Config.parse(root.toString(), name))
          .withMessageContaining("model.loss_weighting is \"min-snr-fix\", which is not known");
    } else {
      costsWhatWasCounted(Config.parse(root.toString(), name).model(), counted);
    }
  }

  static Stream<String> presets() {
    return Stream.of("ablation", "scaling", "ffhq")
        .flatMap(
            folder ->
                Stream.of(Path.of("..", "configs", folder).toFile().list())
                    .map(file -> folder + "/" + file.replace(".jsonc", "")));
  }

  @ParameterizedTest
  @MethodSource("presets")
  void presetsAreTrainedAsThePaperDoesAndSurviveWriting(String name) {
    Config config = load(name);
    assertThat(Config.parse(config.toJson(), "written")).isEqualTo(config);
    assertThat(config.dataset().requireTrainable().ignoredKeys()).isEmpty();
    if (!name.equals("ablation/r1")) { // in DiT's own trainer
      assertThat(config.optimizer()).isEqualTo(TestConfigs.preset("imagenet-128").optimizer());
    }
    assertThat(((EmaSchedule.Inverse) config.emaSchedule()).maxValue()).isEqualTo(0.9999);
    assertThat(config.model().diffusion().scales().data()).isEqualTo(0.5);
  }

  @Test
  void thePapersModelsAreAmongThem() {
    Map<String, String> known =
        Map.of(
            "ablation/e", "imagenet-128",
            "scaling/557m-p4", "imagenet-256",
            "ffhq/2-global", "ffhq-1024");
    known.forEach(
        (study, preset) ->
            assertThat(load(study).differences(TestConfigs.preset(preset)))
                .as(study)
                .isEqualTo(List.of()));
    assertThat(presets()).hasSize(16 + 9 + 6);
  }
}
