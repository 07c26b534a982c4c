package dev.hourglass.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import dev.hourglass.training.folder.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {

  @TempDir Path path;
  private RunFolder folder;

  @BeforeEach
  void nameFolder() {
    folder = new RunFolder(path.resolve("run"));
  }

  @Test
  void aSecondLockInTheSameProcessIsRefusedUntilTheFirstIsReleased() {
    RunLock first = RunLock.acquire(folder);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> RunLock.acquire(folder).close())
          .isInstanceOf(InputException.class)
          .hasMessageContaining("is being trained by process " + ProcessHandle.current().pid())
          .hasMessageContaining("choose another --name");
    }
    first.close();
    first.close();
    RunLock.acquire(folder).close();
  }

  @Test
  void theSameFolderByAnotherPathIsTheSameRun() {
    try (RunLock lock = RunLock.acquire(folder)) {
      RunFolder other = new RunFolder(path.resolve("run/../run/."));
      assertThat(lock.missing()).isEmpty();
      assertThatThrownBy(() -> RunLock.acquire(other).close()).isInstanceOf(InputException.class);
    }
  }

  @Test
  void whatADeadProcessLeftIsNoLock() throws IOException {
    Files.createDirectories(folder.path());
    Files.writeString(
        folder.lock(), new LockHolder(1, "here", java.time.Instant.EPOCH, "train").toJson());
    RunLock.acquire(folder).close();
    assertThat(folder.lock()).isEmptyFile();
  }

  @Test
  void anotherProcessIsNamedAsItNamedItself() throws IOException {
    LockHolder other = new LockHolder(4711, "there", java.time.Instant.EPOCH, "train --name run");
    Files.createDirectories(folder.path());
    Files.writeString(folder.lock(), other.toJson());
    assertThatThrownBy(() -> RunLock.acquire(folder, channel -> null).close())
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "process 4711 on there since 1970-01-01T00:00:00Z (train --name run)");
    Files.writeString(folder.lock(), "[]");
    assertThatThrownBy(() -> RunLock.acquire(folder, channel -> null).close())
        .hasMessageContaining("another process");
    RunLock.acquire(folder).close();
  }

  @Test
  void whereTheFileSystemHasNoLocksThatIsSaid() {
    RunLock.Locking none =
        channel -> {
          throw new IOException("Function not implemented");
        };
    try (RunLock lock = RunLock.acquire(folder, none)) {
      assertThat(lock.missing()).contains("Function not implemented");
    }
  }

  @Test
  void aTrainerThatCannotStartLeavesTheFolderFree() {
    Runs runs = new Runs(path);
    Origin missing = new Origin.Weights(path.resolve("none.safetensors"));
    assertThatThrownBy(() -> runs.train("run", Runs.SETTINGS.withSteps(1), missing))
        .isInstanceOf(InputException.class);
    runs.train("run", Runs.SETTINGS.withSteps(1), new Origin.Run());
  }
}
