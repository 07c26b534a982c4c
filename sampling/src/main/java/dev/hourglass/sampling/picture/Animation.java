package dev.hourglass.sampling.picture;

import dev.hourglass.core.InputException;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Pictures shown one after another, again and again.
 *
 * @param frames of one size
 * @param millis how long each is shown
 * @param lastMillis how long the last one is shown
 */
public record Animation(List<BufferedImage> frames, int millis, int lastMillis) {

  public Animation {
    frames = frames.stream().map(Rgb::copy).toList();
    if (frames.isEmpty() || millis < 1 || lastMillis < 1) {
      throw new InputException("An animation needs at least one frame, shown for some time.");
    }
  }

  /** How long a frame is shown. */
  int millisOf(int frame) {
    return frame == frames.size() - 1 ? lastMillis : millis;
  }

  /**
   * Checks a file's name before anything is drawn.
   *
   * @throws InputException if it ends in neither .gif nor .webp
   */
  public static void requireFormat(Path file) {
    formatOf(file);
  }

  /** Writes it, atomically: GIF with up to 256 colours a frame, WebP without loss. */
  public void write(Path file) {
    switch (formatOf(file)) {
      case GIF -> GifAnimation.write(this, file);
      case WEBP -> WebpAnimation.write(this, file);
    }
  }

  private enum Format {
    GIF,
    WEBP
  }

  private static Format formatOf(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".gif")) {
      return Format.GIF;
    }
    if (name.endsWith(".webp")) {
      return Format.WEBP;
    }
    throw new InputException(
        "%s is neither a GIF nor a WebP file by its name; call the animation something.gif or something.webp."
            .formatted(file));
  }
}
