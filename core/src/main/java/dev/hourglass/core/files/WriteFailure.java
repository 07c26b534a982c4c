package dev.hourglass.core.files;

import dev.hourglass.core.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Why a file cannot be written, and what to do about it. The system's own words come in the user's
 * language and not always with a type, so that the file system is looked at first.
 */
public final class WriteFailure {

  /** Less than this is a full disk. */
  private static final long LITTLE_SPACE = 1 << 20;

  /** Of nearly all file systems. */
  private static final int LONGEST_NAME = 255;

  /** What is wrong, and what to do. */
  private record Finding(String reason, String advice) {}

  private WriteFailure() {}

  /**
   * The failure in one sentence.
   *
   * @param target the file that should have been written
   */
  public static InputException of(Path target, IOException failure) {
    return of("Cannot write " + target, target, failure);
  }

  /**
   * The failure in one sentence.
   *
   * @param action how the sentence begins: "Cannot ..."
   */
  public static InputException of(String action, Path target, IOException failure) {
    Finding finding = find(target.toAbsolutePath().normalize(), failure);
    return new InputException(
        "%s: %s; %s.".formatted(action, finding.reason(), finding.advice()), failure);
  }

  private static Finding find(Path target, IOException failure) {
    String reason = reason(failure);
    Path folder = nearestFolder(target);
    if (folder != null && !Files.isDirectory(folder)) {
      return new Finding(folder + " is a file, not a folder", "choose another folder");
    }
    if (Files.isDirectory(target)) {
      return new Finding("it is a folder", "choose another name or move the folder away");
    }
    if (mentions(reason, "too long") || nameIsTooLong(target)) {
      return new Finding("its name is too long", "choose a shorter one");
    }
    if (isReadOnly(folder) || mentions(reason, "read-only")) {
      return new Finding("the file system is read-only", "choose another folder");
    }
    if (failure instanceof AccessDeniedException || (folder != null && !Files.isWritable(folder))) {
      return new Finding(
          "permission is denied", "choose another folder or change this one's permissions");
    }
    if (mentions(reason, "file too large")) {
      return new Finding(
          "the file is larger than the file system or a limit of the process (ulimit -f) allows",
          "raise the limit or choose another folder");
    }
    if (mentions(reason, "no space left", "quota", "not enough space") || isFull(folder)) {
      return new Finding(reason, "free some space or choose another folder");
    }
    return new Finding(reason, "check the folder or choose another");
  }

  /** The first part of the path above the target that exists, a folder or not. */
  private static Path nearestFolder(Path target) {
    return Stream.iterate(target.getParent(), p -> p != null, Path::getParent)
        .filter(Files::exists)
        .findFirst()
        .orElse(null);
  }

  /** In bytes, with what {@link AtomicFiles} appends. */
  private static boolean nameIsTooLong(Path target) {
    return Stream.iterate(target, p -> p != null && p.getFileName() != null, Path::getParent)
        .map(p -> p.getFileName().toString().getBytes(StandardCharsets.UTF_8).length)
        .anyMatch(length -> length + AtomicFiles.SUFFIX.length() > LONGEST_NAME);
  }

  private static boolean isReadOnly(Path folder) {
    try {
      return folder != null && Files.getFileStore(folder).isReadOnly();
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isFull(Path folder) {
    try {
      return folder != null && Files.getFileStore(folder).getUsableSpace() < LITTLE_SPACE;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean mentions(String reason, String... words) {
    String lower = reason.toLowerCase(Locale.ROOT);
    return Stream.of(words).anyMatch(lower::contains);
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    if (e instanceof FileSystemException detailed && detailed.getReason() != null) {
      message = detailed.getReason();
    }
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
