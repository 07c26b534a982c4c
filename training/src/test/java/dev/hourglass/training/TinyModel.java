package dev.hourglass.training;

import dev.hourglass.config.Config;
import dev.hourglass.config.EmaSchedule;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.sets.ImageDataset;
import java.util.List;

/** A model and a data set that train in milliseconds a step. */
public final class TinyModel {

  public static final Config CONFIG = withOptimizer("{\"type\": \"adamw\"}");

  private TinyModel() {}

  /** The model with another optimiser, in JSON. */
  public static Config withOptimizer(String json) {
    return Config.parse(
        """
        {"model": {"type": "image_transformer_v2", "input_channels": 1, "input_size": [8, 12],
          "patch_size": [1, 1], "depths": [1, 1], "widths": [16, 32], "mapping_width": 32,
          "dropout_rate": 0.1, "augment_prob": 0.12, "sigma_data": 0.5, "sigma_min": 0.01, "sigma_max": 80,
          "self_attns": [{"type": "neighborhood", "d_head": 16, "kernel_size": 3},
                         {"type": "global", "d_head": 16}],
          "loss_weighting": "soft-min-snr",
          "sigma_sample_density": {"type": "cosine-interpolated"}},
         "dataset": {"type": "mnist", "num_classes": 2},
         "optimizer": %s}
        """
            .formatted(json),
        "test");
  }

  /** Images that it can be trained on. */
  public static ImageDataset images() {
    return new Images();
  }

  /** The same with two power-function averages and a snapshot every so many steps. */
  static Config withPowerAverages(int snapshotEvery) {
    return withPowerAverages(CONFIG, snapshotEvery);
  }

  static Config withPowerAverages(Config config, int snapshotEvery) {
    return new Config(
        config.model(),
        config.dataset(),
        config.optimizer(),
        config.lrSchedule(),
        new EmaSchedule.Power(List.of(0.05, 0.1), snapshotEvery));
  }

  /** Dark and bright noise: two classes that a model can tell apart. */
  static final class Images implements ImageDataset {

    @Override
    public int size() {
      return 21;
    }

    @Override
    public DecodedImage decode(int index) throws CorruptImageException {
      byte[] pixels = new byte[8 * 12];
      RandomStream random = RandomStream.of(index);
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (byte) (random.nextInt(40) + 180 * label(index));
      }
      return new DecodedImage(8, 12, 1, pixels);
    }

    @Override
    public int label(int index) {
      return index % 2;
    }

    @Override
    public String name(int index) {
      return "image " + index;
    }

    @Override
    public List<String> classNames() {
      return List.of("dark", "bright");
    }

    @Override
    public void close() {}
  }
}
