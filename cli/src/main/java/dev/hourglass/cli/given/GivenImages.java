package dev.hourglass.cli.given;

import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.core.files.ReadFailure;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.image.ImageDecoder;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.sampling.picture.OwnDrawing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Image files to invert or to edit.
 *
 * @param pixels of each, {@code [c, h, w]} in [-1, 1]; colours as the model has them
 * @param classes of each by number; empty for a model without
 */
public record GivenImages(List<String> names, List<float[]> pixels, List<Integer> classes) {

  /**
   * Reads files, and all images right in folders, in the order of their names.
   *
   * @param given classes, taken in turn; if empty, those that our own drawings say they are of
   * @param size that they must have
   * @throws InputException if one cannot be read, is of another size, or has no class that the
   *     model wants
   */
  public static GivenImages read(List<Path> paths, Size size, ModelFile file, List<Integer> given) {
    ModelConfig model = file.config().model();
    List<String> names = new ArrayList<>();
    List<float[]> pixels = new ArrayList<>();
    List<Integer> classes = new ArrayList<>();
    for (Path path : files(paths)) {
      pixels.add(decode(path, size).withChannels(model.inputChannels()).toFloats());
      if (model.numClasses() > 0) {
        classes.add(
            given.isEmpty() ? ownClass(path, model) : given.get(names.size() % given.size()));
      }
      names.add(path.getFileName().toString());
    }
    return new GivenImages(names, pixels, classes);
  }

  private static List<Path> files(List<Path> paths) {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw new InputException("There is no file %s; check the path.".formatted(path));
      }
      if (!Files.isDirectory(path)) {
        files.add(path);
        continue;
      }
      try (Stream<Path> inside = Files.list(path)) {
        inside
            .filter(file -> ImageDecoder.reads(file.getFileName().toString()))
            .sorted()
            .forEach(files::add);
      } catch (IOException e) {
        throw ReadFailure.of(path, e);
      }
    }
    if (files.isEmpty()) {
      throw new InputException("No images were found in %s; give image files.".formatted(paths));
    }
    return files;
  }

  /**
   * Reads an image file.
   *
   * @throws InputException if it cannot be read, or is of another size
   */
  public static DecodedImage decode(Path path, Size size) {
    DecodedImage image;
    try {
      image = ImageDecoder.decode(path.toString(), bytes(path));
    } catch (CorruptImageException e) {
      throw new InputException(
          "%s cannot be read (%s); give another image.".formatted(path, e.reason()), e);
    }
    if (image.height() != size.height() || image.width() != size.width()) {
      throw new InputException(
          "%s is %dx%d, but must be %s; resize or crop the image first."
              .formatted(path, image.height(), image.width(), size));
    }
    return image;
  }

  private static byte[] bytes(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
  }

  private static int ownClass(Path path, ModelConfig model) {
    OptionalInt own = OwnDrawing.classNumber(bytes(path));
    if (own.isEmpty() || own.getAsInt() >= model.numClasses()) {
      throw new InputException(
          "%s does not say its class, and the model has %d; give it with --class."
              .formatted(path, model.numClasses()));
    }
    return own.getAsInt();
  }
}
