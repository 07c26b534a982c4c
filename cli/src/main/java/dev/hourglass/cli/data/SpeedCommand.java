package dev.hourglass.cli.data;

import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.data.BatchLoader;
import dev.hourglass.data.LoaderSettings;
import dev.hourglass.data.sets.ImageDataset;
import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hourglass data speed}. */
@Command(
    name = "speed",
    sortOptions = false,
    description = {
      "Measures how fast batches for training are made of a set, with no model in the way: where"
          + " that is less than training takes, prepare the set.",
      "Every image is decoded each time, as in a set too large for the memory."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hourglass data speed photos --size 256",
      "  hourglass data speed photos-256 --size 256 --seconds 30"
    })
final class SpeedCommand implements Runnable {

  private static final long NO_CACHE = 0;
  private static final int AHEAD = 2;

  @Mixin SetOptions options;

  @Option(
      names = "--size",
      required = true,
      paramLabel = "HxW",
      description = "The size that the model is trained at.")
  Size size;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "10",
      description =
          "How long to measure, after a third of that to warm up (default: ${DEFAULT-VALUE}).")
  double seconds;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "16",
      description = "Images in a batch (default: ${DEFAULT-VALUE}).")
  int batchSize;

  @Option(
      names = "--augment",
      paramLabel = "P",
      defaultValue = "0",
      description = "Augmentation, as augment_prob in a config (default: ${DEFAULT-VALUE}).")
  double augment;

  @Spec CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    if (!(seconds > 0) || batchSize < 1) {
      throw new InputException(
          "--seconds must be above 0 and --batch-size at least 1, not %s and %d."
              .formatted(seconds, batchSize));
    }
    int threads = options.threads();
    LoaderSettings settings = new LoaderSettings(size, 3, batchSize, 0, augment, threads, AHEAD);
    try (ImageDataset set = options.open(out);
        BatchLoader loader = new BatchLoader(set, settings, 0, NO_CACHE)) {
      measure(loader, seconds / 3);
      Speed speed = measure(loader, seconds);
      out.println(
          "%.1f images/s at %s, %d threads; %.1f ms of processor time an image."
              .formatted(speed.imagesPerSecond, size, threads, speed.processorMillis));
    }
    out.flush();
  }

  /**
   * How fast images come.
   *
   * @param processorMillis of all threads, for an image: other work on the machine matters little
   */
  private record Speed(double imagesPerSecond, double processorMillis) {}

  private static Speed measure(BatchLoader loader, double duration) {
    long start = System.nanoTime();
    double processorBefore = processorSeconds();
    long images = 0;
    double passed;
    do {
      images += loader.next().size();
      passed = (System.nanoTime() - start) / 1e9;
    } while (passed < duration);
    return new Speed(images / passed, 1000 * (processorSeconds() - processorBefore) / images);
  }

  private static double processorSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
  }
}
