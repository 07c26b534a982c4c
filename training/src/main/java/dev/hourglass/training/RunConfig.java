package dev.hourglass.training;

import dev.hourglass.config.Config;
import dev.hourglass.core.InputException;
import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.training.folder.RunFolder;
import java.util.List;

/** A run keeps to one config. */
final class RunConfig {

  private static final int SHOWN_DIFFERENCES = 3;

  private RunConfig() {}

  static void write(RunFolder folder, Config config) {
    AtomicFiles.writeString(folder.config(), config.toJson() + "\n");
  }

  /** Where the images lie may change; nothing else may. */
  static void requireSame(Config config, Config other, String what, String advice) {
    List<String> differences =
        config.differences(other).stream().filter(d -> !d.startsWith("dataset.location")).toList();
    if (!differences.isEmpty()) {
      List<String> shown = differences.subList(0, Math.min(SHOWN_DIFFERENCES, differences.size()));
      int hidden = differences.size() - shown.size();
      throw new InputException(
          "%s (%s%s); %s."
              .formatted(
                  what,
                  String.join("; ", shown),
                  hidden > 0 ? "; and " + hidden + " more" : "",
                  advice));
    }
  }
}
