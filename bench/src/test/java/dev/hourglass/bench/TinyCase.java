package dev.hourglass.bench;

import dev.hourglass.bench.Workload.WholeModel;
import dev.hourglass.config.Config;
import java.util.Set;

/** A model that takes milliseconds. */
final class TinyCase {

  static final String CONFIG =
      """
      {"model": {"type": "image_transformer_v2", "input_channels": 1, "input_size": [8, 12],
        "patch_size": [1, 1], "depths": [1, 1], "widths": [16, 32], "mapping_width": 32,
        "dropout_rate": 0.1, "mapping_cond_dim": 3,
        "sigma_data": 0.5, "sigma_min": 0.01, "sigma_max": 80,
        "self_attns": [{"type": "neighborhood", "d_head": 16, "kernel_size": 3},
                       {"type": "global", "d_head": 16}],
        "sigma_sample_density": {"type": "cosine-interpolated"}},
       "dataset": {"type": "mnist", "num_classes": 2}}
      """;

  private TinyCase() {}

  static BenchCase of(int batch) {
    return new BenchCase(
        "tiny",
        new WholeModel(Config.parse(CONFIG, "test")),
        batch,
        Set.of(Pass.FORWARD, Pass.TRAIN));
  }
}
