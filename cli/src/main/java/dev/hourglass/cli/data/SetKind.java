package dev.hourglass.cli.data;

import dev.hourglass.config.DatasetType;
import dev.hourglass.core.files.ReadFailure;
import dev.hourglass.data.image.ImageDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Which type a set is of, by the names of its files, where nobody says. */
final class SetKind {

  /** As deep as sets are looked for. */
  private static final int DEPTH = 3;

  private SetKind() {}

  /** The type that the files look like; a folder of images if they look like nothing. */
  static DatasetType guess(Path location) {
    if (Files.isRegularFile(location)) {
      return ofFile(location).orElse(DatasetType.TAR);
    }
    if (!Files.isDirectory(location)) {
      return DatasetType.IMAGEFOLDER; // What is wrong is said when the set is opened.
    }
    try (Stream<Path> top = Files.list(location)) {
      if (top.anyMatch(file -> ImageDecoder.reads(name(file)) && Files.isRegularFile(file))) {
        return DatasetType.IMAGEFOLDER;
      }
    } catch (IOException e) {
      throw ReadFailure.of(location, e);
    }
    try (Stream<Path> files = Files.walk(location, DEPTH)) {
      return files
          .filter(file -> !name(file).startsWith("."))
          .flatMap(file -> ofFile(file).stream())
          .findFirst()
          .orElse(DatasetType.IMAGEFOLDER_CLASS);
    } catch (IOException e) {
      throw ReadFailure.of(location, e);
    } catch (UncheckedIOException e) {
      return DatasetType.IMAGEFOLDER; // A folder that cannot be read is passed over there.
    }
  }

  /** The type of a file that holds many images. */
  private static Optional<DatasetType> ofFile(Path file) {
    String name = name(file).toLowerCase(Locale.ROOT);
    if (name.matches(".*\\.(tar|tar\\.gz|tgz)")) {
      return Optional.of(DatasetType.TAR);
    }
    if (name.matches(".*idx[134]-ubyte(\\.gz)?")) {
      return Optional.of(DatasetType.MNIST);
    }
    if (name.matches("(data_batch.*|test_batch.*|train|test)\\.bin")) {
      return Optional.of(DatasetType.CIFAR10);
    }
    return name.endsWith(".parquet") ? Optional.of(DatasetType.PARQUET) : Optional.empty();
  }

  private static String name(Path file) {
    return file.getFileName() == null ? "" : file.getFileName().toString();
  }
}
