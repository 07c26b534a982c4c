package dev.hourglass.examples;

import dev.hourglass.sampling.GeneratedImage;
import dev.hourglass.sampling.ImageGenerator;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;

/** Loads a checkpoint and draws images. */
public final class DrawImages {

  private DrawImages() {}

  /** Four images of a model, with the paper's sampler. */
  public static List<BufferedImage> draw(Path checkpoint) {
    try (ImageGenerator generator = ImageGenerator.load(checkpoint)) {
      return generator.generate(4, 0).stream().map(GeneratedImage::image).toList();
    }
  }
}
