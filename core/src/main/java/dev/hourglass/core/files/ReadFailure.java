package dev.hourglass.core.files;

import dev.hourglass.core.InputException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/** Why a file cannot be read, and what to do about it. */
public final class ReadFailure {

  private ReadFailure() {}

  /** The failure in one sentence. */
  public static InputException of(Path file, IOException failure) {
    String what =
        failure instanceof AccessDeniedException
            ? "access is denied; change its permissions"
            : failure.getMessage() + "; check the disk that it lies on";
    return new InputException("Cannot read %s: %s.".formatted(file, what), failure);
  }
}
