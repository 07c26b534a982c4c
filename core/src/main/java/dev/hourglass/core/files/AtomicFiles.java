package dev.hourglass.core.files;

import dev.hourglass.core.InputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Files that are either whole or absent. Content goes to {@code NAME.tmp} beside the target, is
 * forced to the disk, and then renamed over the target, so that a killed process or a full disk
 * never leaves half a file under its real name.
 */
public final class AtomicFiles {

  /** Of the temporary file. */
  static final String SUFFIX = ".tmp";

  private AtomicFiles() {}

  /** Writes the content of a file at the given temporary path. */
  @FunctionalInterface
  public interface Writer {
    void writeTo(Path temporary) throws IOException;
  }

  /**
   * Creates or replaces {@code target} with what {@code writer} writes.
   *
   * @throws InputException if the file cannot be written, a full disk included; the old file is
   *     then untouched
   */
  public static void write(Path target, Writer writer) {
    Path absolute = target.toAbsolutePath();
    Path temporary = absolute.resolveSibling(absolute.getFileName() + SUFFIX);
    try {
      Files.createDirectories(absolute.getParent());
      writer.writeTo(temporary);
      force(temporary);
      Files.move(
          temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceDirectory(absolute.getParent());
    } catch (IOException e) {
      throw WriteFailure.of(target, e);
    } finally {
      deleteQuietly(temporary);
    }
  }

  /** Creates or replaces {@code target} with UTF-8 text. */
  public static void writeString(Path target, String text) {
    write(target, temporary -> Files.writeString(temporary, text, StandardCharsets.UTF_8));
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Makes the rename itself durable; Windows cannot open a directory, and needs no such thing. */
  private static void forceDirectory(Path directory) {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      return;
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      return;
    }
  }
}
