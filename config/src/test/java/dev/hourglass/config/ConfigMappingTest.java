package dev.hourglass.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.architecture.part.Parts;
import dev.hourglass.architecture.part.attention.SelfAttention;
import dev.hourglass.config.objective.AdjustedSoftMinSnr;
import dev.hourglass.config.objective.Karras;
import dev.hourglass.config.objective.MinSnr;
import dev.hourglass.config.objective.PreconditioningType;
import dev.hourglass.config.objective.Scales;
import dev.hourglass.config.objective.Snr;
import dev.hourglass.config.objective.SoftMinSnr;
import dev.hourglass.config.objective.Weighting;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pins which key of the file sets which value. */
class ConfigMappingTest {

  private static final String EVERY_KEY =
      """
      {
        "model": {
          "type": "image_transformer_v2",
          "input_channels": 1,
          "input_size": [96, 128],
          "patch_size": [2, 4],
          "depths": [1, 2, 3, 4],
          "widths": [32, 48, 64, 80],
          "d_ffs": [33, 49, 65, 81],
          "self_attns": [
            {"type": "none"},
            {"type": "neighborhood", "d_head": 16, "kernel_size": 5},
            {"type": "shifted-window", "d_head": 32, "window_size": 4},
            {"type": "global", "d_head": 40}
          ],
          "dropout_rate": [0.1, 0.2, 0.3, 0.4],
          "mapping_depth": 5,
          "mapping_width": 50,
          "mapping_d_ff": 70,
          "mapping_dropout_rate": 0.05,
          "mapping_cond_dim": 6,
          "loss_config": "karras",
          "loss_weighting": "soft-min-snr",
          "augment_prob": 0.12,
          "sigma_data": 0.5,
          "sigma_min": 0.02,
          "sigma_max": 160,
          "sigma_sample_density": {"type": "lognormal", "loc": -1.2, "scale": 1.3}
        },
        "dataset": {
          "type": "tar", "location": "shards", "num_classes": 7, "cond_dropout_rate": 0.2
        },
        "optimizer": {
          "type": "adamw", "lr": 0.001, "betas": [0.8, 0.95], "eps": 1e-6, "weight_decay": 0.02
        },
        "lr_sched": {"type": "inverse", "inv_gamma": 20000, "power": 0.5, "warmup": 0.99},
        "ema_sched": {"type": "inverse", "power": 0.75, "max_value": 0.999}
      }
      """;

  @Test
  void everyKeySetsItsValue() {
    assertThat(Config.parse(EVERY_KEY, "test.json"))
        .isEqualTo(
            new Config(
                new ModelConfig(
                    1,
                    new Size(96, 128),
                    new Size(2, 4),
                    List.of(
                        new LevelConfig(1, 32, 33, new SelfAttention.None(), 0.1),
                        new LevelConfig(2, 48, 49, new SelfAttention.Neighborhood(16, 5), 0.2),
                        new LevelConfig(3, 64, 65, new SelfAttention.ShiftedWindow(32, 4), 0.3),
                        new LevelConfig(4, 80, 81, new SelfAttention.Global(40), 0.4)),
                    Parts.PAPER,
                    new MappingConfig(5, 50, 70, 0.05),
                    6,
                    7,
                    new DiffusionConfig(
                        PreconditioningType.KARRAS,
                        new LossConfig.Weighted(new SoftMinSnr()),
                        new Scales(0.5, 1),
                        0.02,
                        160,
                        new NoiseDensity.LogNormal(-1.2, 1.3)),
                    0.12),
                new DatasetConfig(DatasetType.TAR, "shards", 7, 0.2),
                new OptimizerConfig.AdamW(0.001, 0.8, 0.95, 1e-6, 0.02),
                new LrSchedule.Inverse(20000, 0.5, 0.99),
                new EmaSchedule.Inverse(0.75, 0.999)));
  }

  @Test
  void aWrittenFileHasEveryKeyInTheAuthorsForm() {
    assertThat(Config.parse(EVERY_KEY, "test.json").toJson())
        .isEqualTo(
            """
            {
              "model": {
                "type": "image_transformer_v2",
                "input_channels": 1,
                "input_size": [96, 128],
                "patch_size": [2, 4],
                "depths": [1, 2, 3, 4],
                "widths": [32, 48, 64, 80],
                "d_ffs": [33, 49, 65, 81],
                "self_attns": [{
                  "type": "none"
                }, {
                  "type": "neighborhood",
                  "d_head": 16,
                  "kernel_size": 5
                }, {
                  "type": "shifted-window",
                  "d_head": 32,
                  "window_size": 4
                }, {
                  "type": "global",
                  "d_head": 40
                }],
                "dropout_rate": [0.1, 0.2, 0.3, 0.4],
                "mapping_depth": 5,
                "mapping_width": 50,
                "mapping_d_ff": 70,
                "mapping_dropout_rate": 0.05,
                "mapping_cond_dim": 6,
                "loss_config": "karras",
                "loss_weighting": "soft-min-snr",
                "augment_prob": 0.12,
                "sigma_data": 0.5,
                "sigma_min": 0.02,
                "sigma_max": 160.0,
                "sigma_sample_density": {
                  "type": "lognormal",
                  "loc": -1.2,
                  "scale": 1.3
                }
              },
              "dataset": {
                "type": "tar",
                "location": "shards",
                "num_classes": 7,
                "cond_dropout_rate": 0.2
              },
              "optimizer": {
                "type": "adamw",
                "lr": 0.001,
                "betas": [0.8, 0.95],
                "eps": 0.000001,
                "weight_decay": 0.02
              },
              "lr_sched": {
                "type": "inverse",
                "inv_gamma": 20000.0,
                "power": 0.5,
                "warmup": 0.99
              },
              "ema_sched": {
                "type": "inverse",
                "power": 0.75,
                "max_value": 0.999
              }
            }
            """);
  }

  @Test
  void oneNumberStandsForASquareSizeAndForEveryLevelsDropout() {
    ModelConfig model =
        TestConfigs.parse(
                "model.input_size", "128", "model.patch_size", "2", "model.dropout_rate", "0.05")
            .model();
    assertThat(model.inputSize()).isEqualTo(new Size(128, 128));
    assertThat(model.patchSize()).isEqualTo(new Size(2, 2));
    assertThat(model.levels()).extracting(LevelConfig::dropout).containsExactly(0.05, 0.05);
  }

  @Test
  void lossNamesMapToLosses() {
    assertThat(loss("karras", "karras")).isEqualTo(new LossConfig.Weighted(new Karras()));
    assertThat(loss("karras", "soft-min-snr")).isEqualTo(new LossConfig.Weighted(new SoftMinSnr()));
    assertThat(loss("karras", "snr")).isEqualTo(new LossConfig.Weighted(new Snr(false)));
    assertThat(loss("simple", "soft-min-snr")).isEqualTo(new LossConfig.Simple());
  }

  @Test
  void parametersOfWeightingsMap() {
    assertThat(weighting("snr", "null")).isEqualTo(new Snr(false));
    assertThat(weighting("snr", "{\"snr_adjust_for_sigma_data\": true}")).isEqualTo(new Snr(true));
    assertThat(weighting("min-snr", "{}")).isEqualTo(new MinSnr(5, false, false));
    assertThat(
            weighting(
                "min-snr",
                "{\"gamma\": 4, \"snr_adjust_for_sigma_data\": true,"
                    + " \"gamma_adjust_for_sigma_data\": true}"))
        .isEqualTo(new MinSnr(4, true, true));
    assertThat(weighting("soft-min-snr", "{\"gamma\": 2.04082}")).isEqualTo(new SoftMinSnr());
    assertThat(weighting("soft-min-snr", "{\"snr_adjust_for_sigma_data\": true}"))
        .isEqualTo(new AdjustedSoftMinSnr(1 / (0.7 * 0.7), false));
    assertThat(
            weighting(
                "soft-min-snr",
                "{\"gamma\": 3, \"snr_adjust_for_sigma_data\": true,"
                    + " \"gamma_adjust_for_sigma_data\": true}"))
        .isEqualTo(new AdjustedSoftMinSnr(3, true));
  }

  private static Weighting weighting(String name, String params) {
    LossConfig loss =
        TestConfigs.parse(
                "model.sigma_data",
                "0.7",
                "model.loss_weighting",
                quoted(name),
                "model.loss_weighting_params",
                params)
            .model()
            .diffusion()
            .loss();
    return ((LossConfig.Weighted) loss).weighting();
  }

  private static LossConfig loss(String config, String weighting) {
    return TestConfigs.parse(
            "model.loss_config", quoted(config), "model.loss_weighting", quoted(weighting))
        .model()
        .diffusion()
        .loss();
  }

  @Test
  void densityKeysAndTheirAliasesMapToDensities() {
    assertThat(density("{\"type\": \"lognormal\", \"mean\": -1.2, \"std\": 1.3}"))
        .isEqualTo(new NoiseDensity.LogNormal(-1.2, 1.3));
    assertThat(
            density(
                """
                {"type": "loglogistic", "loc": 1, "scale": 2, "min_value": 3, "max_value": 4}
                """))
        .isEqualTo(new NoiseDensity.LogLogistic(1, 2, 3, 4));
    assertThat(density("{\"type\": \"loguniform\", \"min_value\": 3, \"max_value\": 4}"))
        .isEqualTo(new NoiseDensity.LogUniform(3, 4));
    assertThat(density("{\"type\": \"cosine\", \"min_value\": 3, \"max_value\": 4}"))
        .isEqualTo(new NoiseDensity.VDiffusion(3, 4));
    assertThat(
            density("{\"type\": \"split-lognormal\", \"loc\": 1, \"scale_1\": 2, \"scale_2\": 3}"))
        .isEqualTo(new NoiseDensity.SplitLogNormal(1, 2, 3));
    assertThat(density("{\"type\": \"split-lognormal\", \"mean\": 1, \"std_1\": 2, \"std_2\": 3}"))
        .isEqualTo(new NoiseDensity.SplitLogNormal(1, 2, 3));
    assertThat(
            density(
                """
                {"type": "cosine-interpolated", "image_d": 1, "noise_d_low": 2,
                 "noise_d_high": 3, "min_value": 4, "max_value": 5}
                """))
        .isEqualTo(new NoiseDensity.CosineInterpolated(1, 2, 3, 4, 5));
  }

  private static NoiseDensity density(String json) {
    return TestConfigs.parse("model.sigma_sample_density", json).model().diffusion().noiseDensity();
  }

  @Test
  void datasetTypesMapByName() {
    for (DatasetType type : DatasetType.values()) {
      assertThat(TestConfigs.parse("dataset.type", quoted(type.jsonName())).dataset().type())
          .isEqualTo(type);
    }
  }

  @Test
  void keysOfPythonDataSetsAreKept() {
    Config config =
        TestConfigs.parse(
            "dataset",
            """
            {"type": "custom", "location": "data.py", "image_key": "image", "class_key": 1,
             "config": {"a": [1, null]}, "get_dataset": "make"}
            """);
    assertThat(config.dataset().extras())
        .isEqualTo(
            Map.of(
                "image_key", "\"image\"",
                "class_key", "1",
                "config", "{\"a\": [1, null]}",
                "get_dataset", "\"make\""));
    assertThat(Config.parse(config.toJson(), "written")).isEqualTo(config);
  }

  @Test
  void otherOptimizersAndSchedulesMap() {
    Config config =
        TestConfigs.parse(
            "optimizer",
            """
            {"type": "sgd", "lr": 0.1, "momentum": 0.9, "nesterov": true, "weight_decay": 0.01,
             "betas": [0.9, 0.99], "eps": 1e-8}
            """,
            "lr_sched",
            """
            {"type": "exponential", "num_steps": 1e5, "decay": 0.25, "warmup": 0.9}
            """);
    assertThat(config.optimizer()).isEqualTo(new OptimizerConfig.Sgd(0.1, 0.9, true, 0.01));
    assertThat(config.lrSchedule()).isEqualTo(new LrSchedule.Exponential(100000, 0.25, 0.9));
  }

  @Test
  void muonMapsWithTheAdamWForAllElse() {
    Config config =
        TestConfigs.parse(
            "optimizer",
            """
            {"type": "muon", "lr": 0.02, "momentum": 0.9, "weight_decay": 0.1, "ns_steps": 6,
             "adamw": {"lr": 0.001, "betas": [0.8, 0.95], "eps": 1e-6, "weight_decay": 0.02}}
            """);
    assertThat(config.optimizer())
        .isEqualTo(
            new OptimizerConfig.Muon(
                0.02, 0.9, 0.1, 6, new OptimizerConfig.AdamW(0.001, 0.8, 0.95, 1e-6, 0.02)));
    assertThat(Config.parse(config.toJson(), "written")).isEqualTo(config);
  }

  private static String quoted(String name) {
    return "\"" + name + "\"";
  }

  @Test
  void picturesAreTurnedUprightUnlessTheConfigSaysOtherwise() {
    assertThat(TestConfigs.parse("dataset", "{}").dataset().exifOrientation()).isTrue();
    Config asStored = TestConfigs.parse("dataset", "{\"exif_orientation\": false}");
    assertThat(asStored.dataset().exifOrientation()).isFalse();
    assertThat(Config.parse(asStored.toJson(), "again.json")).isEqualTo(asStored);
    assertThat(TestConfigs.parse().toJson()).doesNotContain("exif_orientation");
  }
}
