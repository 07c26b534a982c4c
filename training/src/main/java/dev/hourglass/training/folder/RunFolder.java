package dev.hourglass.training.folder;

import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonText;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The files of one run.
 *
 * <pre>
 * config.json            the config, every default spelled out
 * latest.json            names the newest checkpoint
 * history.jsonl          a line for each time that training began here, and how
 * run.lock               held while a process trains into the folder
 * checkpoints/           the last few, step-00001000.safetensors
 * validation.json        which images are held out
 * metrics.csv            a line a step
 * loss.png               the loss curve
 * events.out.tfevents.*  for TensorBoard, a file for each time that training began here
 * samples/               grids drawn during training, step-00000500.png
 * snapshots/             power-function averages, ema-0.05-step-00001000.safetensors
 * </pre>
 */
public record RunFolder(Path path) {

  /**
   * The folder of a run by its name.
   *
   * @throws InputException if the name is no plain folder name
   */
  public static RunFolder named(Path runs, String name) {
    if (!name.matches("[\\w.-]+") || name.startsWith(".")) {
      throw new InputException(
          "The run name '%s' must consist of letters, digits, '-', '_' and '.'; choose another."
              .formatted(name));
    }
    return new RunFolder(runs.resolve(name));
  }

  public Path config() {
    return path.resolve("config.json");
  }

  public Path pointer() {
    return path.resolve("latest.json");
  }

  public Path history() {
    return path.resolve("history.jsonl");
  }

  public Path lock() {
    return path.resolve("run.lock");
  }

  public Path checkpoint(long step) {
    return path.resolve("checkpoints").resolve(step(step) + ".safetensors");
  }

  public Path checkpoints() {
    return path.resolve("checkpoints");
  }

  /** Whether a file lies among the checkpoints of this run. */
  public boolean holds(Path checkpoint) {
    Path parent = checkpoint.toAbsolutePath().normalize().getParent();
    return checkpoints().toAbsolutePath().normalize().equals(parent);
  }

  public Path metrics() {
    return path.resolve("metrics.csv");
  }

  public Path validation() {
    return path.resolve("validation.json");
  }

  public Path lossPlot() {
    return path.resolve("loss.png");
  }

  public Path samples(long step) {
    return path.resolve("samples").resolve(step(step) + ".png");
  }

  /** Averages of the weights on the way, of which others are made after training. */
  public Path snapshots() {
    return path.resolve("snapshots");
  }

  public Path snapshot(double sigmaRel, long step) {
    return snapshots().resolve(averageName(sigmaRel, step));
  }

  /** The file name of an average of that length at that step. */
  public static String averageName(double sigmaRel, long step) {
    return "ema-%s-%s.safetensors".formatted(JsonText.number(sigmaRel), step(step));
  }

  /** In digits from 0 to 9, whatever the user's language writes. */
  private static String step(long step) {
    return String.format(Locale.ROOT, "step-%08d", step);
  }
}
