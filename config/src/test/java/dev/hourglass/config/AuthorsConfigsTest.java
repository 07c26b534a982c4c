package dev.hourglass.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.architecture.part.attention.SelfAttention;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of the form the authors use load unchanged. */
class AuthorsConfigsTest {

  private static final String TRAINING =
      """
      "optimizer": {"type": "adamw", "lr": 5e-4, "betas": [0.9, 0.95], "eps": 1e-8,
        "weight_decay": 1e-3},
      "lr_sched": {"type": "constant", "warmup": 0.0},
      "ema_sched": {"type": "inverse", "power": 0.75, "max_value": 0.9999}
      """;

  private static final String FLOWERS =
      """
      {"model": {"type": "image_transformer_v2", "input_channels": 3, "input_size": [256, 256],
        "patch_size": [4, 4], "depths": [2, 2, 4], "widths": [128, 256, 512],
        "self_attns": [%1$s, %1$s, {"type": "global", "d_head": 64}],
        "loss_config": "karras", "loss_weighting": "soft-min-snr",
        "dropout_rate": [0.0, 0.0, 0.1], "mapping_dropout_rate": 0.0, "augment_prob": 0.0,
        "sigma_data": 0.5, "sigma_min": 1e-2, "sigma_max": 160,
        "sigma_sample_density": {"type": "cosine-interpolated"}},
       "dataset": {"type": "huggingface", "location": "nelorth/oxford-flowers",
         "image_key": "image"},
      %2$s}
      """;

  @Test
  void oxfordFlowersLoads() {
    Config config =
        parse(FLOWERS, "{\"type\": \"neighborhood\", \"d_head\": 64, \"kernel_size\": 7}");
    assertThat(config.model().levels())
        .containsExactly(
            new LevelConfig(2, 128, 384, new SelfAttention.Neighborhood(64, 7), 0),
            new LevelConfig(2, 256, 768, new SelfAttention.Neighborhood(64, 7), 0),
            new LevelConfig(4, 512, 1536, new SelfAttention.Global(64), 0.1));
    assertThat(config.model().diffusion().noiseDensity())
        .isEqualTo(new NoiseDensity.CosineInterpolated(256, 32, 256, 1e-3, 1e3));
    assertThat(config.dataset())
        .isEqualTo(
            new DatasetConfig(
                DatasetType.HUGGINGFACE,
                "nelorth/oxford-flowers",
                0,
                0.1,
                true,
                Map.of("image_key", "\"image\"")));
    assertThat(config.emaSchedule()).isEqualTo(new EmaSchedule.Inverse(0.75, 0.9999));
  }

  @Test
  void oxfordFlowersWithShiftedWindowsLoads() {
    Config config =
        parse(FLOWERS, "{\"type\": \"shifted-window\", \"d_head\": 64, \"window_size\": 8}");
    assertThat(config.model().levels().getFirst().selfAttention())
        .isEqualTo(new SelfAttention.ShiftedWindow(64, 8));
  }

  @Test
  void cifar10TransformerLoads() {
    Config config =
        parse(
            """
            {"model": {"type": "image_transformer_v2", "input_channels": 3, "input_size": [32, 32],
              "patch_size": [2, 2], "depths": [2, 4], "widths": [256, 512],
              "self_attns": [%1$s, %1$s],
              "loss_config": "karras", "loss_weighting": "soft-min-snr", "dropout_rate": 0.05,
              "augment_prob": 0.12, "sigma_data": 0.5, "sigma_min": 1e-2, "sigma_max": 80,
              "sigma_sample_density": {"type": "cosine-interpolated"}},
             "dataset": {"type": "cifar10", "location": "data", "num_classes": 10,
               "cond_dropout_rate": 0.1},
            %2$s}
            """,
            "{\"type\": \"global\"}");
    assertThat(config.model().numClasses()).isEqualTo(10);
    assertThat(config.model().augmentProbability()).isEqualTo(0.12);
    assertThat(config.model().levels())
        .containsExactly(
            new LevelConfig(2, 256, 768, new SelfAttention.Global(64), 0.05),
            new LevelConfig(4, 512, 1536, new SelfAttention.Global(64), 0.05));
    assertThat(config.model().diffusion().noiseDensity())
        .isEqualTo(new NoiseDensity.CosineInterpolated(32, 32, 32, 1e-3, 1e3));
  }

  @Test
  void mnistTransformerLoads() {
    Config config =
        parse(
            """
            {"model": {"type": "image_transformer_v2", "input_channels": 1, "input_size": [28, 28],
              "patch_size": [4, 4], "depths": [8], "widths": [256],
              "loss_config": "karras", "loss_weighting": "soft-min-snr", "dropout_rate": 0.05,
              "augment_prob": 0.12, "sigma_data": 0.6162, "sigma_min": 1e-2, "sigma_max": 80,
              "sigma_sample_density": {"type": "cosine-interpolated"}},
             "dataset": {"type": "mnist", "location": "data", "num_classes": 10},
            %2$s}
            """,
            "");
    assertThat(config.model().levels())
        .isEqualTo(List.of(new LevelConfig(8, 256, 768, new SelfAttention.Global(64), 0.05)));
    assertThat(config.model().diffusion().scales().data()).isEqualTo(0.6162);
  }

  /** Checkpoints of the authors' trainer hold the file with all defaults merged in. */
  @Test
  void aConfigWithTheAuthorsDefaultsMergedInLoads() {
    Config config =
        parse(
            """
            {"model": {"mapping_width": 256, "mapping_depth": 2, "mapping_d_ff": 768,
              "mapping_cond_dim": 0, "mapping_dropout_rate": 0.0, "d_ffs": [768],
              "self_attns": [{"type": "global", "d_head": 64}], "dropout_rate": [0.05],
              "augment_wrapper": false, "skip_stages": 0, "has_variance": false,
              "type": "image_transformer_v2", "input_channels": 1, "input_size": [28, 28],
              "patch_size": [4, 4], "depths": [8], "widths": [256], "augment_prob": 0.12,
              "loss_config": "karras", "loss_weighting": "soft-min-snr", "loss_scales": 1,
              "sigma_data": 0.6162, "sigma_min": 1e-2, "sigma_max": 80,
              "sigma_sample_density": {"type": "cosine-interpolated"}},
             "dataset": {"type": "mnist", "num_classes": 10, "cond_dropout_rate": 0.1,
               "location": "data"},
            %2$s}
            """,
            "");
    assertThat(config.model().mapping()).isEqualTo(new MappingConfig(2, 256, 768, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "global-mapping-cond",
        "neighborhood-classes",
        "no-attention-gray",
        "shifted-window"
      })
  void conformanceConfigsLoadAndSurviveWriting(String name) {
    Config config =
        Config.parse(TestConfigs.resource("conformance/" + name + "/config.json"), name);
    assertThat(Config.parse(config.toJson(), "written")).isEqualTo(config);
    assertThat(config.optimizer())
        .isEqualTo(new OptimizerConfig.AdamW(5e-4, 0.9, 0.95, 1e-8, 0.01));
  }

  private static Config parse(String template, String attention) {
    return Config.parse(template.formatted(attention, TRAINING), "authors.json");
  }
}
