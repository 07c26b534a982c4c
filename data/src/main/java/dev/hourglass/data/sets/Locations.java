package dev.hourglass.data.sets;

import dev.hourglass.core.InputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Looking for and reading the files of a data set; what fails is a sentence for the user. */
final class Locations {

  /** Why an image whose file alone fills the memory is skipped. */
  static final String TOO_LARGE =
      "its file does not fit into memory; shrink the picture or give Java more (-Xmx)";

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

  /** The entries of a folder, sorted by name, in the same order on every system. */
  static List<Path> children(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted(Comparator.comparing(Path::toString)).toList();
    } catch (IOException | UncheckedIOException e) {
      throw unreadable(folder, e);
    }
  }

  /** A whole file, unpacked if its content is packed with gzip, whatever its name says. */
  static byte[] read(Path file) {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (IOException | OutOfMemoryError e) {
      throw unreadable(file, e);
    }
    requireNoWebPage(file, content);
    if (!isPacked(content)) {
      return content;
    }
    try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(content))) {
      return unpacked.readAllBytes();
    } catch (IOException | OutOfMemoryError e) {
      throw new InputException(
          "%s cannot be unpacked (%s); it is cut short or damaged, fetch it again."
              .formatted(file, reason(e)),
          e);
    }
  }

  /** Whether a file's content is packed with gzip, by its first bytes. */
  static boolean isPacked(Path file) {
    try (InputStream stream = Files.newInputStream(file)) {
      return isPacked(stream.readNBytes(2));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static boolean isPacked(byte[] content) {
    return content.length >= 2 && (content[0] & 0xFF) == 0x1F && (content[1] & 0xFF) == 0x8B;
  }

  /** Servers answer with a page where a file has moved, and downloads keep it under its name. */
  private static void requireNoWebPage(Path file, byte[] content) {
    String start =
        new String(content, 0, Math.min(content.length, 64), StandardCharsets.ISO_8859_1);
    if (start.strip().toLowerCase(Locale.ROOT).matches("(?s)<(!doctype|html|\\?xml).*")) {
      throw new InputException(
          "%s holds a web page where data are expected; fetch it again, from a link that still works."
              .formatted(file));
    }
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
