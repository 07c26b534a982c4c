package dev.hourglass.training;

import dev.hourglass.InputException;
import dev.hourglass.files.AtomicFiles;
import dev.hourglass.files.WriteFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The checkpoints of a run: the newest is named by a pointer file that moves only when it is whole
 * on the disk.
 */
final class CheckpointStore {

  private static final JsonMapper JSON = new JsonMapper();

  private record Pointer(String checkpoint, long step) {}

  private final RunFolder folder;

  CheckpointStore(RunFolder folder) {
    this.folder = folder;
  }

  /** The checkpoint to resume from, if the run has one. */
  Optional<Path> latest() {
    if (!Files.exists(folder.pointer())) {
      return Optional.empty();
    }
    try {
      Pointer pointer = JSON.readValue(folder.pointer().toFile(), Pointer.class);
      Path checkpoint = folder.path().resolve(pointer.checkpoint());
      if (!Files.exists(checkpoint)) {
        throw new InputException(
            "%s names the checkpoint %s, which is gone; delete the pointer to start anew or resume from a file with --resume."
                .formatted(folder.pointer(), checkpoint));
      }
      return Optional.of(checkpoint);
    } catch (JacksonException e) {
      throw new InputException(
          "%s is damaged; delete it to start anew or resume from a file with --resume."
              .formatted(folder.pointer()),
          e);
    }
  }

  /**
   * Moves the pointer to a checkpoint that was just written, and deletes all but the newest {@code
   * keep}.
   */
  void publish(long step, int keep) {
    Path checkpoint = folder.checkpoint(step);
    Pointer pointer =
        new Pointer(folder.path().relativize(checkpoint).toString().replace('\\', '/'), step);
    AtomicFiles.writeString(folder.pointer(), JSON.writeValueAsString(pointer) + "\n");
    try (Stream<Path> files = Files.list(folder.checkpoints())) {
      List<Path> older =
          files
              .filter(f -> f.getFileName().toString().matches("step-\\d+\\.safetensors"))
              .filter(f -> f.compareTo(checkpoint) < 0)
              .sorted()
              .toList();
      for (Path file : older.subList(0, Math.max(0, older.size() - (keep - 1)))) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw WriteFailure.of("Cannot delete old checkpoints", folder.checkpoint(step), e);
    }
  }
}
