package dev.hourglass.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.architecture.part.Parts;
import dev.hourglass.architecture.part.attention.SelfAttention;
import dev.hourglass.config.objective.Karras;
import dev.hourglass.config.objective.PreconditioningType;
import dev.hourglass.config.objective.Scales;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pins every default: a changed default changes the meaning of files that exist. */
class ConfigDefaultsTest {

  private static final SelfAttention NEIGHBORHOOD = new SelfAttention.Neighborhood(64, 7);
  private static final SelfAttention GLOBAL = new SelfAttention.Global(64);

  @Test
  void aMinimalFileGetsTheAuthorsDefaults() {
    assertThat(TestConfigs.parse())
        .isEqualTo(
            new Config(
                new ModelConfig(
                    3,
                    new Size(64, 64),
                    new Size(4, 4),
                    List.of(
                        new LevelConfig(2, 128, 384, NEIGHBORHOOD, 0),
                        new LevelConfig(4, 256, 768, GLOBAL, 0)),
                    Parts.PAPER,
                    new MappingConfig(2, 256, 768, 0),
                    0,
                    0,
                    new DiffusionConfig(
                        PreconditioningType.KARRAS,
                        new LossConfig.Weighted(new Karras()),
                        new Scales(1, 1),
                        0.01,
                        80,
                        new NoiseDensity.CosineInterpolated(64, 32, 64, 1e-3, 1e3)),
                    0),
                new DatasetConfig(DatasetType.IMAGEFOLDER, "", 0, 0.1),
                new OptimizerConfig.AdamW(5e-4, 0.9, 0.99, 1e-8, 1e-4),
                new LrSchedule.Constant(0),
                new EmaSchedule.Inverse(0.6667, 0.9999)));
  }

  @Test
  void emptySectionsMeanTheSameAsAbsentOnes() {
    assertThat(
            TestConfigs.parse(
                "dataset", "{}", "optimizer", "{}", "lr_sched", "{}", "ema_sched", "{}"))
        .isEqualTo(TestConfigs.parse());
  }

  @Test
  void theAuthorsWaysToWriteADefaultMeanTheDefault() {
    assertThat(
            TestConfigs.parse(
                "model.d_ffs", "null",
                "model.self_attns", "null",
                "model.dropout_rate", "null",
                "model.mapping_d_ff", "null",
                "model.augment_wrapper", "false",
                "model.skip_stages", "0",
                "model.has_variance", "false",
                "model.loss_scales", "1",
                "dataset.image_key", "0",
                "dataset.class_key", "1"))
        .isEqualTo(TestConfigs.parse());
  }

  @Test
  void aSingleLevelIsGlobal() {
    assertThat(TestConfigs.parse("model.depths", "[8]", "model.widths", "[256]").model().levels())
        .containsExactly(new LevelConfig(8, 256, 768, GLOBAL, 0));
  }

  @Test
  void mappingFeedForwardIsThreeTimesTheMappingWidth() {
    assertThat(TestConfigs.parse("model.mapping_width", "96").model().mapping().dFf())
        .isEqualTo(288);
  }

  @Test
  void attentionDefaultsTo64ChannelsAHeadAndKernel7() {
    assertThat(
            TestConfigs.parse(
                    "model.self_attns", "[{\"type\": \"neighborhood\"}, {\"type\": \"global\"}]")
                .model()
                .levels())
        .extracting(LevelConfig::selfAttention)
        .containsExactly(NEIGHBORHOOD, GLOBAL);
  }

  @Test
  void cosineInterpolatedFollowsTheLongerSideAndTheSigmaRange() {
    assertThat(
            TestConfigs.parse(
                    "model.input_size", "[64, 128]",
                    "model.sigma_min", "0.0001",
                    "model.sigma_max", "2000")
                .model()
                .diffusion()
                .noiseDensity())
        .isEqualTo(new NoiseDensity.CosineInterpolated(128, 32, 128, 1e-4, 2000));
  }

  @Test
  void otherDensitiesHaveTheAuthorsDefaults() {
    assertThat(density("{\"type\": \"loglogistic\"}"))
        .isEqualTo(new NoiseDensity.LogLogistic(Math.log(0.5), 0.5, 0, Double.POSITIVE_INFINITY));
    assertThat(density("{\"type\": \"loguniform\"}"))
        .isEqualTo(new NoiseDensity.LogUniform(0.01, 80));
    assertThat(density("{\"type\": \"v-diffusion\"}"))
        .isEqualTo(new NoiseDensity.VDiffusion(1e-3, 1e3));
    assertThat(density("{\"type\": \"cosine\"}")).isEqualTo(new NoiseDensity.VDiffusion(1e-3, 1e3));
  }

  private static NoiseDensity density(String json) {
    return TestConfigs.parse("model.sigma_data", "0.5", "model.sigma_sample_density", json)
        .model()
        .diffusion()
        .noiseDensity();
  }

  @Test
  void sgdTakesTheDefaultsThatTheAuthorsCodeMergesIn() {
    assertThat(TestConfigs.parse("optimizer", "{\"type\": \"sgd\"}").optimizer())
        .isEqualTo(new OptimizerConfig.Sgd(5e-4, 0, false, 1e-4));
  }

  @Test
  void muonTakesTheDefaultsOfItsPaperAndForAllElseThoseOfAdamW() {
    assertThat(TestConfigs.parse("optimizer", "{\"type\": \"muon\"}").optimizer())
        .isEqualTo(
            new OptimizerConfig.Muon(
                5e-4, 0.95, 1e-4, 5, new OptimizerConfig.AdamW(5e-4, 0.9, 0.99, 1e-8, 1e-4)));
  }

  @Test
  void schedulesHaveNoWarmupUnlessAsked() {
    assertThat(
            TestConfigs.parse("lr_sched", "{\"type\": \"inverse\", \"inv_gamma\": 20000}")
                .lrSchedule())
        .isEqualTo(new LrSchedule.Inverse(20000, 1, 0));
    assertThat(
            TestConfigs.parse("lr_sched", "{\"type\": \"exponential\", \"num_steps\": 100000}")
                .lrSchedule())
        .isEqualTo(new LrSchedule.Exponential(100000, 0.5, 0));
  }
}
