package dev.hourglass.training.snapshot;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.ReadFailure;
import dev.hourglass.training.folder.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The snapshots of a run, in the order of steps and lengths; one at least. */
public final class Snapshots {

  private final RunFolder folder;
  private final List<Snapshot> all;

  private Snapshots(RunFolder folder, List<Snapshot> all) {
    this.folder = folder;
    this.all = all;
  }

  /**
   * Reads their descriptions.
   *
   * @throws InputException if there is no such run, or if it has no snapshots
   */
  public static Snapshots of(RunFolder folder) {
    if (!Files.isDirectory(folder.path())) {
      throw new InputException(
          "%s is not the folder of a run; give one such as runs/emoji.".formatted(folder.path()));
    }
    List<Path> files = Files.isDirectory(folder.snapshots()) ? list(folder) : List.of();
    if (files.isEmpty()) {
      throw new InputException(
          "%s has no snapshots of averaged weights; train a run with \"ema_sched\": {\"type\": \"power\", \"snapshot_every\": 1000} in its config."
              .formatted(folder.path()));
    }
    return new Snapshots(
        folder,
        files.stream()
            .map(Snapshot::open)
            .sorted(
                Comparator.comparingLong(Snapshots::step)
                    .thenComparingDouble(snapshot -> snapshot.label().sigmaRel()))
            .toList());
  }

  private static List<Path> list(RunFolder folder) {
    try (Stream<Path> files = Files.list(folder.snapshots())) {
      return files
          .filter(f -> f.getFileName().toString().matches("ema-.*-step-\\d+\\.safetensors"))
          .toList();
    } catch (IOException e) {
      throw ReadFailure.of(folder.snapshots(), e);
    }
  }

  private static long step(Snapshot snapshot) {
    return snapshot.label().step();
  }

  /** The last step that has snapshots. */
  public long lastStep() {
    return step(all.getLast());
  }

  /**
   * All snapshots up to a step, those of it last. Where averages began anew, older ones are of
   * other averages and left out.
   *
   * @throws InputException if the step has no snapshots
   */
  public List<Snapshot> upTo(long step) {
    List<Snapshot> last = all.stream().filter(s -> step(s) == step).toList();
    if (last.isEmpty()) {
      throw noneOf(step);
    }
    if (!last.stream().allMatch(last.getFirst()::goesWith)) {
      throw new InputException(
          "%s has snapshots of several runs at step %d; move those of the older run elsewhere."
              .formatted(folder.snapshots(), step));
    }
    return all.stream()
        .filter(snapshot -> step(snapshot) <= step && snapshot.goesWith(last.getFirst()))
        .toList();
  }

  private InputException noneOf(long step) {
    NavigableSet<Long> steps =
        all.stream().map(Snapshots::step).collect(Collectors.toCollection(TreeSet::new));
    String nearest =
        Stream.of(steps.lower(step), steps.higher(step))
            .filter(Objects::nonNull)
            .map(String::valueOf)
            .collect(Collectors.joining(" and "));
    return new InputException(
        "%s has no snapshots of step %d; the nearest are of step %s: choose one that has some by --step."
            .formatted(folder.path(), step, nearest));
  }
}
