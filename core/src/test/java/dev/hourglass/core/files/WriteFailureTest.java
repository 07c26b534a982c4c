package dev.hourglass.core.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class WriteFailureTest {

  @TempDir Path folder;

  private String sentence(IOException failure) {
    return WriteFailure.of(folder.resolve("c.txt"), failure).getMessage();
  }

  private static void isRefused(Path target, String reason, String advice) {
    assertThatThrownBy(() -> AtomicFiles.writeString(target, "x"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("Cannot write " + target + ": ")
        .hasMessageContaining(reason)
        .hasMessageEndingWith("; " + advice + ".");
  }

  @Test
  void aFullDiskWantsSpace() {
    assertThat(sentence(new IOException("No space left on device")))
        .endsWith(": No space left on device; free some space or choose another folder.");
    assertThat(sentence(new FileSystemException("c.txt", null, "Disk quota exceeded")))
        .endsWith(": Disk quota exceeded; free some space or choose another folder.");
  }

  @Test
  void whatIsNotAFullDiskDoesNotWantSpace() {
    assertThat(sentence(new AccessDeniedException("c.txt")))
        .endsWith(
            ": permission is denied; choose another folder or change this one's permissions.");
    assertThat(sentence(new FileSystemException("c.txt", null, "Read-only file system")))
        .endsWith(": the file system is read-only; choose another folder.");
    assertThat(sentence(new IOException("File too large"))).contains("ulimit -f");
    assertThat(sentence(new IOException("Input/output error")))
        .endsWith(": Input/output error; check the folder or choose another.");
    assertThat(sentence(new IOException())).contains(": IOException; check the folder");
  }

  @Test
  void aFileInTheWayIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("runs"), "no folder");
    isRefused(file.resolve("c.txt"), file + " is a file, not a folder", "choose another folder");
    isRefused(
        file.resolve("a/b/c.txt"), file + " is a file, not a folder", "choose another folder");
    assertThat(file).hasContent("no folder");
  }

  @Test
  void aFolderInTheWayIsLeftAlone() throws IOException {
    Path target = Files.createDirectories(folder.resolve("c.txt/full")).getParent();
    isRefused(target, "it is a folder", "choose another name or move the folder away");
    assertThat(target.resolve("full")).isDirectory();
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "its limit is another")
  void aNameThatIsTooLongWantsAShorterOne() {
    isRefused(folder.resolve("x".repeat(300)), "its name is too long", "choose a shorter one");
    isRefused(folder.resolve("x".repeat(253)), "its name is too long", "choose a shorter one");
    isRefused(
        folder.resolve("\u20ac".repeat(100) + "/c.txt"),
        "its name is too long",
        "choose a shorter one");
  }
}
