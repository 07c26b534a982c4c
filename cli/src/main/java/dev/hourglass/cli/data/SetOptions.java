package dev.hourglass.cli.data;

import dev.hourglass.config.DatasetConfig;
import dev.hourglass.config.DatasetType;
import dev.hourglass.core.InputException;
import dev.hourglass.data.sets.ImageDataset;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which set a command is about, and how it is read. */
final class SetOptions {

  @Parameters(
      paramLabel = "PATH",
      description = "The folder of the images, or a file that holds them.")
  Path location;

  @Option(
      names = "--data-type",
      paramLabel = "TYPE",
      defaultValue = "",
      description =
          "How they are stored: imagefolder, imagefolder-class, tar, ... as dataset.type in a"
              + " config (default: what the names of the files look like).")
  String type;

  @Option(
      names = "--classes",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "How many classes there are, as dataset.num_classes in a config; above 0, labels in"
              + " NAME.json are read, too (default: as many as are found).")
  int classes;

  @Option(
      names = "--as-stored",
      description = "Do not turn pictures upright, for configs with \"exif_orientation\": false.")
  boolean asStored;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that decode; without effect on results (default: all cores).")
  Integer threads;

  /** Opens the set, and says how it is read. */
  ImageDataset open(PrintWriter out) {
    DatasetType chosen = type.isEmpty() ? SetKind.guess(location) : DatasetType.readable(type);
    if (classes < 0) {
      throw new InputException("--classes must not be negative, but is %d.".formatted(classes));
    }
    DatasetConfig config =
        new DatasetConfig(chosen, location.toString(), classes, 0, !asStored, Map.of());
    ImageDataset set = ImageDataset.open(config, location);
    out.println(
        "%s: %,d images, read as %s%s."
            .formatted(
                location,
                set.size(),
                chosen.jsonName(),
                type.isEmpty() ? " by the names of the files (--data-type reads otherwise)" : ""));
    set.report().lines().forEach(out::println);
    out.flush();
    return set;
  }

  int threads() {
    if (threads != null && threads < 1) {
      throw new InputException("--threads must be at least 1, not %d.".formatted(threads));
    }
    return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
  }
}
