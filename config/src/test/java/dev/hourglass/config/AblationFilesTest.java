package dev.hourglass.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hourglass.config.objective.MinSnr;
import dev.hourglass.core.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of the form of the paper's ablation code (a fork of the authors') load unchanged. */
class AblationFilesTest {

  private static final String FILE =
      """
      {
        "model": {
          "type": "image_transformer_v2",
          "input_channels": 3,
          "input_size": [256, 256],
          "patch_size": [8, 8],
          "depths": [2, 16],
          "widths": [768, 1536],
          "loss_config": "karras",
          "loss_weighting": "min-snr",
          // gamma=5 is the one of Min-SNR
          "loss_weighting_params": { "gamma": 4 },
          "loss_scales": 1,
          "dropout_rate": [0.0, 0.0],
          "mapping_dropout_rate": 0.0,
          "augment_prob": 0.0,
          "sigma_data": 0.5,
          "sigma_min": 1e-2,
          "sigma_max": 160,
          "sigma_sample_density": {
            "type": "cosine-interpolated"
          }
        },
        "dataset": {
          "type": "wds-class",
          "location": "imagenet/{00000..01023}.tar",
          // "location": "elsewhere",
          "cond_dropout_rate": 0.1,
          "wds_image_key": "jpg",
          "class_cond_key": "cls",
          "num_classes": 1000,
          "classes_to_captions": "imagenet-1k",
          "estimated_samples": 1281167
        },
        "lr_sched": {
          "type": "constant"
        }
      }
      """;

  @TempDir private Path folder;

  private static Config parse(String text) {
    return Config.parse(text, "theirs.jsonc");
  }

  @Test
  void theyLoadAndSurviveWriting() {
    Config config = parse(FILE);
    assertThat(config.model().diffusion().loss())
        .isEqualTo(new LossConfig.Weighted(new MinSnr(4, false, false)));
    assertThat(config.dataset().type()).isEqualTo(DatasetType.WDS_CLASS);
    assertThat(config.dataset().requireTrainable().numClasses()).isEqualTo(1000);
    assertThat(Config.parse(config.toJson(), "written")).isEqualTo(config);
  }

  @Test
  void whatIsIgnoredIsSaidInOneLineOnce() throws IOException {
    Path file = Files.writeString(folder.resolve("theirs.jsonc"), FILE);
    List<String> lines = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord event) {
            lines.add(new SimpleFormatter().formatMessage(event));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger log = Logger.getLogger(Config.class.getName());
    log.addHandler(handler);
    try {
      assertThat(Config.load(file)).isEqualTo(Config.load(file));
    } finally {
      log.removeHandler(handler);
    }
    assertThat(lines)
        .containsExactly(
            file
                + ": ignored, since only the authors' Python code reads it:"
                + " dataset.class_cond_key, dataset.classes_to_captions,"
                + " dataset.estimated_samples, dataset.wds_image_key.");
  }

  @Test
  void ourOwnFilesIgnoreNothing() {
    assertThat(TestConfigs.preset("imagenet-256").dataset().ignoredKeys()).isEmpty();
  }

  @Test
  void misspeltOnesAreRefused() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> parse(FILE.replace("estimated_samples", "estimate_samples")))
        .withMessage(
            "theirs.jsonc: dataset.estimate_samples is not a known key; did you mean"
                + " \"estimated_samples\"?");
  }

  @Test
  void pixelsInAnotherScaleAreNotTrainedOn() {
    String scaled = "\"channel_means\": [0.0, 0.0, 0.0], \"channel_stds\": [0.5, 0.5, 0.5]";
    DatasetConfig dataset = parse(FILE.replace("\"estimated_samples\": 1281167", scaled)).dataset();
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(dataset::requireTrainable)
        .withMessage(
            "dataset.channel_means is [0.0, 0.0, 0.0], but Hourglass trains on pixels from -1 to 1"
                + " as they are; remove the key and set model.sigma_data to the deviation of such"
                + " pixels, 0.5 in the paper.");
  }
}
