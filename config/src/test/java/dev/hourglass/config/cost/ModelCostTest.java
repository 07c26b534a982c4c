package dev.hourglass.config.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hourglass.config.Config;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.Size;
import dev.hourglass.config.TestConfigs;
import dev.hourglass.core.InputException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ModelCostTest {

  private static final JsonNode PAPER =
      TestConfigs.MAPPER.readTree(TestConfigs.resource("paper.json")).get("models");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "global-mapping-cond",
        "neighborhood-classes",
        "no-attention-gray",
        "shifted-window"
      })
  void parametersAndMacsAreThoseOfTheAuthorsCode(String name) {
    String folder = "conformance/" + name + "/";
    JsonNode facts = TestConfigs.MAPPER.readTree(TestConfigs.resource(folder + "facts.json"));
    ModelConfig model = Config.parse(TestConfigs.resource(folder + "config.json"), name).model();

    ModelCost cost = ModelCost.of(model, model.inputSize());

    assertThat(cost.parameters()).isEqualTo(facts.get("parameters").longValue());
    assertThat(cost.macs()).isEqualTo(facts.get("forward_macs_per_image").longValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"imagenet-128", "imagenet-256", "ffhq-1024", "oxford-flowers-256"})
  void parametersAndGmacsAreThePapersAtEverySize(String name) {
    ModelConfig model = TestConfigs.preset(name).model();
    JsonNode paper = PAPER.get(name);
    assertThat(paper.get("gmac").properties())
        .isNotEmpty()
        .allSatisfy(
            entry -> {
              ModelCost cost = ModelCost.of(model, Size.parse(entry.getKey()));
              assertThat(cost.parameters()).isEqualTo(paper.get("parameters").longValue());
              assertThat(String.format(Locale.ROOT, "%.3f", cost.macs() / 1e9))
                  .isEqualTo(String.format(Locale.ROOT, "%.3f", entry.getValue().doubleValue()));
            });
  }

  @Test
  void rowsSumToTheTotals() {
    ModelConfig model = TestConfigs.preset("ffhq-1024").model();
    ModelCost cost = ModelCost.of(model, new Size(256, 512));
    assertThat(cost.rows()).hasSize(5 + 4 + 4 + 3);
    assertThat(cost.rows().stream().mapToLong(CostRow::parameters).sum())
        .isEqualTo(cost.parameters());
    assertThat(cost.rows().stream().mapToLong(CostRow::macs).sum()).isEqualTo(cost.macs());
    assertThat(cost.rows().stream().mapToLong(CostRow::activationBytes).sum())
        .isEqualTo(cost.activationBytes());
  }

  @Test
  void rowsAreNamedAfterThePartsOfTheModel() {
    assertThat(ModelCost.of(TestConfigs.preset("mnist").model(), new Size(28, 28)).rows())
        .extracting(CostRow::name)
        .containsExactly(
            "level 0", "level 1", "patch_in", "mapping", "merges.0", "splits.0", "patch_out");
  }

  @Test
  void levelsTellTheirShape() {
    ModelCost cost =
        ModelCost.of(TestConfigs.preset("oxford-flowers-256").model(), new Size(256, 512));
    assertThat(cost.levels()).extracting(LevelCost::layers).containsExactly(4, 4, 4);
    assertThat(cost.levels()).extracting(LevelCost::heads).containsExactly(2, 4, 8);
    assertThat(cost.levels()).extracting(LevelCost::width).containsExactly(128, 256, 512);
    assertThat(cost.levels())
        .extracting(LevelCost::grid)
        .containsExactly(new Size(64, 128), new Size(32, 64), new Size(16, 32));
    assertThat(cost.levels()).extracting(LevelCost::tokens).containsExactly(8192L, 2048L, 512L);
    assertThat(cost.levels())
        .extracting(LevelCost::attentionMacs)
        .containsExactly(
            4L * 8192 * 49 * 2 * 128, 4L * 2048 * 49 * 2 * 256, 4L * 512 * 512 * 2 * 512);
  }

  @Test
  void activationsFollowTheStatedFormula() {
    ModelConfig model = TestConfigs.preset("mnist").model(); // dropout everywhere
    ModelCost cost = ModelCost.of(model, new Size(28, 28));
    long tokens = 14 * 14;
    long attention = 4 * (8 * 64 + 3 * 2 + 1) + 5 * 64;
    long feedForward = 4 * (2 * 64 + 4 * 192 + 1) + 5 * 192;
    long modulations = 2 * 64 * 4;
    assertThat(cost.levels().getFirst().activationBytes())
        .isEqualTo(4 * (tokens * (attention + feedForward) + modulations));
    assertThat(cost.parts())
        .extracting(PartCost::activationBytes)
        .containsExactly(
            4 * tokens * 4,
            4 * (2 * 256L + 2 * (2 * 256 + 1)) + 2 * 4 * (2 * 256 + 1 + 4 * 768),
            4 * tokens * 64,
            4 * (49 * 128 + 2 * tokens * 64),
            4 * tokens * (2 * 64 + 1));
  }

  @Test
  void withoutAttentionOnlyTheFeedForwardCosts() {
    ModelConfig model =
        Config.parse(TestConfigs.resource("conformance/no-attention-gray/config.json"), "test")
            .model();
    LevelCost level = ModelCost.of(model, model.inputSize()).levels().getFirst();
    assertThat(level.attentionMacs()).isZero();
    assertThat(level.heads()).isZero();
    assertThat(level.parameters()).isEqualTo(2 * (48 * 16 + 3 * 48 * 16));
    assertThat(level.activationBytes())
        .isEqualTo(2 * (28 * 28 * 4 * (2 * 16 + 4 * 48 + 1) + 16 * 4));
  }

  @Test
  void sizesThatDoNotFitAreRefused() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> ModelCost.of(TestConfigs.preset("mnist").model(), new Size(30, 28)))
        .withMessageStartingWith("The image size is 30x28, but");
  }

  @Test
  void costsBeyondWhatIsCountedAreRefused() {
    ModelConfig flat =
        Config.parse(
                TestConfigs.MINIMAL.replace("[2, 4]", "[12]").replace("[128, 256]", "[8192]"),
                "flat")
            .model();
    assertThat(ModelCost.of(flat, Size.square(1 << 12)).macs()).isPositive();
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> ModelCost.of(flat, Size.square(1 << 14)))
        .withMessage(
            "The cost of this model at 16384x16384 is above 2^63, more than is counted here; use"
                + " smaller images or widths.");
  }

  /** One level of 4 x 6 tokens, 16 channels, 2 heads. */
  private static LevelCost oneLevel(String keys) {
    String text =
        """
        {"model": {"type": "image_transformer_v2", "input_channels": 3, "input_size": [8, 12],
          "patch_size": [2, 2], "depths": [3], "widths": [16], "d_ffs": [40], "mapping_width": 12,
          "sigma_min": 0.01, "sigma_max": 80,
          "sigma_sample_density": {"type": "cosine-interpolated"}, %s}}
        """
            .formatted(keys);
    ModelConfig model = Config.parse(text, "test").model();
    return ModelCost.of(model, model.inputSize()).levels().getFirst();
  }

  @Test
  void aFlatTransformerWithGatedLayerNormsKeepsWhatTheFormulaSays() {
    LevelCost level =
        oneLevel(
            """
            "self_attns": [{"type": "global", "d_head": 8, "similarity": "dot"}],
            "norm_type": "AdaLN", "up_proj_act": "GELU", "pos_emb_type": "additive",
            "qkv_bias": true, "o_bias": true, "ffn_up_bias": true, "ffn_down_bias": true
            """);
    long tokens = 24;
    long attention = 7 * 16 + 2 + 2; // norm's input, output, q, k, v, attended, gated; sums; norms
    long feedForward = 3 * 16 + 2 * 40 + 2; // the same without q to attended; gelu's in and output
    long gates = 2 * (3 * 16 + 16); // shift, scale and gate, and the gate for its product
    assertThat(level.activationBytes())
        .isEqualTo(3 * 4 * (tokens * (attention + feedForward) + gates));
    assertThat(level.attentionMacs()).isEqualTo(3 * tokens * tokens * 2 * 16);
  }

  @Test
  void nystromAttentionKeepsWhatTheFormulaSays() {
    LevelCost level =
        oneLevel("\"self_attns\": [{\"type\": \"nystrom\", \"d_head\": 8, \"landmarks\": [2, 3]}]");
    LevelCost global = oneLevel("\"self_attns\": [{\"type\": \"global\", \"d_head\": 8}]");
    long tokens = 24;
    long landmarks = 6;
    long heads = 2;
    assertThat(level.attentionMacs())
        .isEqualTo(
            3
                * heads
                * (8 * (4 * tokens * landmarks + 2 * landmarks * landmarks)
                    + 24 * landmarks * landmarks * landmarks));
    // Beside what global attention keeps: q~ and k~ twice, what goes into and comes out of the
    // pseudo-inverse, sums of the landmarks' softmax, and of each of six steps four matrices.
    long more = 6 * landmarks * 16 + landmarks * heads + 26 * heads * landmarks * landmarks;
    assertThat(level.activationBytes() - global.activationBytes()).isEqualTo(3 * 4 * more);
  }
}
