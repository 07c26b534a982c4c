package dev.hourglass.study.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Study files for tests. */
public final class Studies {

  /** A tiny model with classes. */
  public static final String BASE =
      """
      {
        "model": {
          "type": "image_transformer_v2", "input_channels": 1, "input_size": [8, 8],
          "patch_size": [2, 2], "depths": [1], "widths": [16],
          "self_attns": [{"type": "global", "d_head": 16}],
          "mapping_depth": 1, "mapping_width": 16, "sigma_data": 0.5,
          "sigma_min": 0.01, "sigma_max": 80,
          "sigma_sample_density": {"type": "cosine-interpolated"}
        },
        "dataset": {"type": "mnist", "location": "data", "num_classes": 3}
      }
      """;

  public static final String STUDY =
      """
      {
        "base": %s,
        "budget": {"steps": 4},
        "batch_size": 4,
        "seeds": 3,
        "metrics": ["train_loss"],
        "variants": {"base": {}, "wide": {"model": {"widths": [32]}}},
      }
      """
          .formatted(BASE);

  private Studies() {}

  /** The study of a text, read from a file in a folder. */
  public static Study read(Path folder, String text) {
    try {
      Path file = Files.writeString(folder.resolve("tiny.json"), text);
      return Study.load(file, new Places(List.of(folder)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
