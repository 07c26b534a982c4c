package dev.hourglass.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.architecture.part.attention.SelfAttention;
import dev.hourglass.config.objective.SoftMinSnr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The presets against the paper's tables. */
class PresetsTest {

  private static final JsonNode PAPER =
      TestConfigs.MAPPER.readTree(TestConfigs.resource("paper.json"));

  @ParameterizedTest
  @ValueSource(strings = {"imagenet-128", "imagenet-256", "ffhq-1024", "oxford-flowers-256"})
  void architecturesAreThePapers(String name) {
    JsonNode paper = PAPER.get("models").get(name);
    ModelConfig model = TestConfigs.preset(name).model();

    assertThat(model.inputSize()).isEqualTo(Size.parse(name.substring(name.lastIndexOf('-') + 1)));
    assertThat(model.patchSize()).isEqualTo(Size.square(paper.get("patch").intValue()));
    assertThat(model.numClasses()).isEqualTo(paper.get("classes").intValue());
    assertThat(model.mapping().depth()).isEqualTo(paper.get("mapping_depth").intValue());
    assertThat(model.mapping().width()).isEqualTo(paper.get("mapping_width").intValue());
    assertThat(model.augmentProbability()).isEqualTo(paper.path("augment_prob").doubleValue(0));
    assertThat(model.levels()).hasSize(paper.get("depths").size());
    for (int i = 0; i < model.levels().size(); i++) {
      int width = paper.get("widths").get(i).intValue();
      boolean neighborhood = i < paper.get("neighborhood_levels").intValue();
      boolean innermost = i == model.levels().size() - 1;
      assertThat(model.levels().get(i))
          .isEqualTo(
              new LevelConfig(
                  paper.get("depths").get(i).intValue(),
                  width,
                  3 * width,
                  neighborhood
                      ? new SelfAttention.Neighborhood(64, 7)
                      : new SelfAttention.Global(64),
                  innermost ? paper.path("dropout_innermost").doubleValue(0) : 0));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "imagenet-128",
        "imagenet-256",
        "ffhq-1024",
        "oxford-flowers-256",
        "oxford-flowers-256-shifted-window"
      })
  void trainingIsThePapers(String name) {
    Config config = TestConfigs.preset(name);
    ModelConfig model = config.model();
    JsonNode paper = PAPER.get("training");

    assertThat(config.optimizer())
        .isEqualTo(
            new OptimizerConfig.AdamW(
                paper.get("lr").doubleValue(),
                paper.get("betas").get(0).doubleValue(),
                paper.get("betas").get(1).doubleValue(),
                paper.get("eps").doubleValue(),
                paper.get("weight_decay").doubleValue()));
    assertThat(((EmaSchedule.Inverse) config.emaSchedule()).maxValue())
        .isEqualTo(paper.get("ema").doubleValue());
    assertThat(config.dataset().condDropoutRate())
        .isEqualTo(paper.get("cond_dropout").doubleValue());
    assertThat(config.lrSchedule()).isEqualTo(new LrSchedule.Constant(0));
    assertThat(model.diffusion().loss()).isEqualTo(new LossConfig.Weighted(new SoftMinSnr()));
    assertThat(model.diffusion().scales().data()).isEqualTo(paper.get("sigma_data").doubleValue());
    assertThat(model.diffusion().sigmaMin()).isEqualTo(paper.get("sigma_min").doubleValue());
    assertThat(model.diffusion().sigmaMax()).isEqualTo(paper.get("sigma_max").doubleValue());
    double side = model.inputSize().longerSide();
    assertThat(model.diffusion().noiseDensity())
        .isEqualTo(new NoiseDensity.CosineInterpolated(side, 32, side, 1e-3, 1e3));
  }

  @Test
  void theShiftedWindowPresetDiffersFromThePapersInAttentionOnly() {
    assertThat(
            TestConfigs.preset("oxford-flowers-256")
                .differences(TestConfigs.preset("oxford-flowers-256-shifted-window")))
        .containsExactly(
            "model.self_attns[0].type: \"neighborhood\" here, \"shifted-window\" there",
            "model.self_attns[0].kernel_size: 7 here, nothing there",
            "model.self_attns[0].window_size: nothing here, 8 there",
            "model.self_attns[1].type: \"neighborhood\" here, \"shifted-window\" there",
            "model.self_attns[1].kernel_size: 7 here, nothing there",
            "model.self_attns[1].window_size: nothing here, 8 there");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "imagenet-128",
        "imagenet-256",
        "ffhq-1024",
        "oxford-flowers-256",
        "oxford-flowers-256-shifted-window",
        "cifar10",
        "mnist"
      })
  void presetsCanBeTrainedAndSurviveWriting(String name) {
    Config config = TestConfigs.preset(name);
    assertThat(config.dataset().requireTrainable().location()).startsWith("data/");
    assertThat(Config.parse(config.toJson(), "written")).isEqualTo(config);
  }

  @Test
  void mnistIsGrayAndSmall() {
    ModelConfig mnist = TestConfigs.preset("mnist").model();
    assertThat(mnist.inputChannels()).isEqualTo(1);
    assertThat(mnist.inputSize()).isEqualTo(new Size(28, 28));
    assertThat(mnist.numClasses()).isEqualTo(10);
    assertThat(mnist.levels())
        .containsExactly(
            new LevelConfig(2, 64, 192, new SelfAttention.Neighborhood(32, 7), 0.05),
            new LevelConfig(4, 128, 384, new SelfAttention.Global(32), 0.05));
  }

  @Test
  void cifar10IsGlobalAtBothLevels() {
    ModelConfig cifar10 = TestConfigs.preset("cifar10").model();
    assertThat(cifar10.inputSize()).isEqualTo(new Size(32, 32));
    assertThat(cifar10.numClasses()).isEqualTo(10);
    assertThat(cifar10.levels())
        .containsExactly(
            new LevelConfig(2, 256, 768, new SelfAttention.Global(64), 0.05),
            new LevelConfig(4, 512, 1536, new SelfAttention.Global(64), 0.05));
  }
}
