package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShippedModelTest {

  private static final Path MODEL = Path.of("../models/emoji-64.safetensors");
  private static final int COUNT = 8;

  @TempDir Path folder;

  @Test
  void drawsYellowFacesOnWhite() {
    CommandRun.succeeds(
        "sample",
        "--checkpoint",
        MODEL,
        "--class",
        "Smileys & Emotion",
        "-n",
        COUNT,
        "--steps",
        20,
        "--guidance",
        2,
        "--out",
        folder);
    BufferedImage[] faces =
        IntStream.range(0, COUNT)
            .mapToObj(i -> Png.read(folder.resolve("emoji-64-0-%d.png".formatted(i))).image())
            .toArray(BufferedImage[]::new);
    for (BufferedImage face : faces) {
      assertThat(mean(face, 0, 2, 2)).isGreaterThan(220); // blue, at the upper left
    }
    assertThat(faces)
        .filteredOn(face -> mean(face, 20, 44, 0) > 150 && yellow(face) > 60)
        .hasSizeGreaterThanOrEqualTo(COUNT / 2);
  }

  /** How much more red than blue there is in the middle. */
  private static double yellow(BufferedImage image) {
    return mean(image, 20, 44, 0) - mean(image, 20, 44, 2);
  }

  /** Mean of a band (red, green, blue) over the square {@code [from, to) x [from, to)}. */
  private static double mean(BufferedImage image, int from, int to, int band) {
    double sum = 0;
    for (int y = from; y < to; y++) {
      for (int x = from; x < to; x++) {
        sum += image.getRaster().getSample(x, y, band);
      }
    }
    return sum / ((to - from) * (to - from));
  }
}
