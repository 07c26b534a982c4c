package dev.hourglass.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/** A tiny data set and a tiny config for it, in a folder. */
final class Fixture {

  static final List<String> CLASSES = List.of("blue", "green", "red");

  /** 16x16 pixels in colour, two levels, dropout and augmentation on. */
  private static final String CONFIG =
      """
      {
        "model": {
          "type": "image_transformer_v2",
          "input_channels": 3,
          "input_size": [16, 16],
          "patch_size": [2, 2],
          "depths": [1, 1],
          "widths": [32, 64],
          "self_attns": [
            {"type": "neighborhood", "d_head": 16, "kernel_size": 3},
            {"type": "global", "d_head": 16}
          ],
          "mapping_depth": 1,
          "mapping_width": 32,
          "dropout_rate": 0.1,
          "augment_prob": 0.12,
          "sigma_data": 0.5,
          "sigma_min": 0.01,
          "sigma_max": 80,
          "sigma_sample_density": {"type": "cosine-interpolated"}
        },
        "dataset": {"type": "imagefolder-class", "location": "images", "num_classes": 3},
        "optimizer": {"type": "adamw", "lr": 5e-3, "betas": [0.9, 0.95], "eps": 1e-8, "weight_decay": 0.01}
      }
      """;

  private static final int IMAGES_PER_CLASS = 8;
  private static final int SIDE = 16;

  private final Path folder;

  private Fixture(Path folder) {
    this.folder = folder;
  }

  /** Writes 24 images in 3 classes and {@code config.json}. */
  static Fixture in(Path folder) {
    Fixture fixture = new Fixture(folder);
    for (int c = 0; c < CLASSES.size(); c++) {
      for (int i = 0; i < IMAGES_PER_CLASS; i++) {
        fixture.writeImage("images/%s/%d.png".formatted(CLASSES.get(c), i), 8 * c, i);
      }
    }
    fixture.write("config.json", CONFIG);
    return fixture;
  }

  /** Trains this fixture's config for a few steps, in this process. */
  Path trained(int steps) {
    CommandRun.succeeds(
        "train",
        "--config",
        config(),
        "--name",
        "trained",
        "--runs",
        runs(),
        "--steps",
        steps,
        "--batch-size",
        8,
        "--sample-every",
        0);
    return runs()
        .resolve(String.format(Locale.ROOT, "trained/checkpoints/step-%08d.safetensors", steps));
  }

  Path config() {
    return folder.resolve("config.json");
  }

  /** The config with another type of optimiser, all of whose numbers are the defaults. */
  Path withOptimizer(String type) {
    String name = "config-%s.json".formatted(type);
    write(
        name,
        CONFIG.replaceFirst(
            "\"optimizer\": \\{.*\\}", "\"optimizer\": {\"type\": \"%s\"}".formatted(type)));
    return folder.resolve(name);
  }

  Path runs() {
    return folder.resolve("runs");
  }

  Path resolve(String name) {
    return folder.resolve(name);
  }

  /** The config with a piece of its text replaced, in a file of its own. */
  Path configWith(String piece, String replacement) {
    if (!CONFIG.contains(piece)) {
      throw new IllegalArgumentException("the config has no " + piece);
    }
    return write("changed.json", CONFIG.replace(piece, replacement));
  }

  Path write(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void writeImage(String name, int shift, int number) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        image.setRGB(x, y, (40 + 11 * x + number) << shift);
      }
    }
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      ImageIO.write(image, "png", file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
