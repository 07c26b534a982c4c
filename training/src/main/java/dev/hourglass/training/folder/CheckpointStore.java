package dev.hourglass.training.folder;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.core.files.ReadFailure;
import dev.hourglass.core.files.WriteFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The checkpoints of a run: the newest is named by a pointer file that moves only when it is whole
 * on the disk.
 */
public final class CheckpointStore {

  private static final JsonMapper JSON = new JsonMapper();

  private final RunFolder folder;

  public CheckpointStore(RunFolder folder) {
    this.folder = folder;
  }

  /** A checkpoint of the run, and the step that it is said to be of. */
  public record Pointer(Path checkpoint, long step) {}

  /**
   * The checkpoint to resume from, if the run has one.
   *
   * @throws InputException if the pointer file is damaged or names no checkpoint of this run
   */
  public Optional<Pointer> latest() {
    if (!Files.exists(folder.pointer())) {
      return Optional.empty();
    }
    JsonNode json = read();
    JsonNode name = json.path("checkpoint");
    JsonNode step = json.path("step");
    if (!name.isString() || !step.isIntegralNumber() || !step.canConvertToLong()) {
      throw new InputException(
          "%s is damaged: it must hold a checkpoint's name and its step, such as {\"checkpoint\":\"checkpoints/step-00001000.safetensors\",\"step\":1000}; %s."
              .formatted(folder.pointer(), wayOn()));
    }
    Path checkpoint = resolve(name.stringValue());
    if (!folder.holds(checkpoint)) {
      throw new InputException(
          "%s names %s, which is no checkpoint of this run; %s."
              .formatted(folder.pointer(), name, wayOn()));
    }
    if (!Files.isRegularFile(checkpoint)) {
      throw new InputException(
          "%s names the checkpoint %s, which is gone; %s."
              .formatted(folder.pointer(), checkpoint, wayOn()));
    }
    return Optional.of(new Pointer(checkpoint, step.longValue()));
  }

  private JsonNode read() {
    try {
      return JSON.readTree(Files.readAllBytes(folder.pointer()));
    } catch (JacksonException e) {
      throw new InputException(
          "%s is damaged: it is no JSON; %s.".formatted(folder.pointer(), wayOn()), e);
    } catch (IOException e) {
      throw ReadFailure.of(folder.pointer(), e);
    }
  }

  private Path resolve(String name) {
    try {
      return folder.path().resolve(name);
    } catch (InvalidPathException e) {
      return folder.path();
    }
  }

  /** What a user can do whose pointer or newest checkpoint is of no use. */
  public String wayOn() {
    List<Path> files = Files.isDirectory(folder.checkpoints()) ? list() : List.of();
    return "delete %s to start anew, or delete it and go on from a checkpoint by --resume %s"
        .formatted(folder.pointer(), files.isEmpty() ? "FILE" : files.getLast());
  }

  /**
   * Moves the pointer to a checkpoint that was just written, and deletes all but the newest {@code
   * keep}.
   */
  public void publish(long step, int keep) {
    Path checkpoint = folder.checkpoint(step);
    String name = folder.path().relativize(checkpoint).toString().replace('\\', '/');
    JsonNode pointer = JSON.createObjectNode().put("checkpoint", name).put("step", step);
    AtomicFiles.writeString(folder.pointer(), JSON.writeValueAsString(pointer) + "\n");
    List<Path> older = list().stream().filter(f -> f.compareTo(checkpoint) < 0).toList();
    try {
      for (Path file : older.subList(0, Math.max(0, older.size() - (keep - 1)))) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** The checkpoints on the disk, oldest first. */
  private List<Path> list() {
    try (Stream<Path> files = Files.list(folder.checkpoints())) {
      return files
          .filter(f -> f.getFileName().toString().matches("step-\\d+\\.safetensors"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private InputException failure(IOException e) {
    return WriteFailure.of("Cannot list or delete old checkpoints", folder.checkpoint(0), e);
  }
}
