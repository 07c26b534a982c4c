package dev.hourglass.data;

import dev.hourglass.InputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Looking for and reading the files of a data set; what fails is a sentence for the user. */
final class Locations {

  private Locations() {}

  /**
   * @throws InputException if nothing is there
   */
  static void requireExists(Path location) {
    if (!Files.exists(location)) {
      throw new InputException(
          "The dataset location %s does not exist; correct dataset.location.".formatted(location));
    }
  }

  /**
   * @throws InputException if nothing is there, or a file
   */
  static void requireFolder(Path location) {
    requireExists(location);
    if (!Files.isDirectory(location)) {
      throw new InputException(
          "The dataset location %s is a file where a folder is needed; correct dataset.location or dataset.type."
              .formatted(location));
    }
  }

  /** The entries of a folder, sorted by name. */
  static List<Path> children(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      throw unreadable(folder, e);
    }
  }

  /** A whole file, unpacked if its name ends in {@code gz}. */
  static byte[] read(Path file) {
    try {
      byte[] content = Files.readAllBytes(file);
      if (!isPacked(file)) {
        return content;
      }
      try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(content))) {
        return unpacked.readAllBytes();
      }
    } catch (IOException | OutOfMemoryError e) {
      throw unreadable(file, e);
    }
  }

  /** Whether a file is compressed with gzip, by its name. */
  static boolean isPacked(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".gz") || name.endsWith(".tgz");
  }

  /** The sentence for a file or folder that is there and cannot be read. */
  static InputException unreadable(Path file, Throwable cause) {
    return new InputException(
        "%s cannot be read (%s); check the file and its permissions, or fetch it again."
            .formatted(file, reason(cause)),
        cause);
  }

  /** What an exception says; the class of one that says nothing. */
  static String reason(Throwable cause) {
    String message = cause.getMessage();
    return message == null || message.isBlank()
        ? cause.getClass().getSimpleName()
        : message.strip().replaceAll("\\s+", " ");
  }
}
