package dev.hourglass.cli;

import dev.hourglass.config.Config;
import dev.hourglass.core.InputException;
import dev.hourglass.training.TrainingData;
import dev.hourglass.training.folder.RunFolder;
import dev.hourglass.training.validation.HoldOut;
import dev.hourglass.training.validation.HoldOutRecord;
import dev.hourglass.training.validation.Validating;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What {@code train} is validated on, and when. */
final class ValidationOptions {

  @Option(
      names = "--validate",
      paramLabel = "SHARE|PATH",
      description =
          "Measure the loss on images that are not trained on: a share of the images, such as 0.1"
              + " or 10%%, or other images (default: what the run did before; a new run: nothing).")
  String validate;

  @Option(
      names = "--validate-every",
      paramLabel = "N",
      defaultValue = "500",
      description = "Steps between such measurements (default: ${DEFAULT-VALUE}).")
  int every;

  @Option(
      names = "--validate-count",
      paramLabel = "N",
      description =
          "Measure at most so many images, each at 8 noise levels (default: ${DEFAULT-VALUE}).")
  int count = Validating.NEVER.count();

  /** What a run holds out: what was asked, or what it did before. */
  Optional<HoldOut> holdOut(RunFolder folder) {
    return HoldOutRecord.decide(folder, Optional.ofNullable(validate).map(HoldOut::of));
  }

  Validating validating(Optional<HoldOut> holdOut) {
    if (every < 1) {
      throw new InputException("--validate-every must be at least 1, not %d.".formatted(every));
    }
    return new Validating(holdOut.isPresent() ? every : 0, count, Optional.empty());
  }

  /** The images of a run, some of them held out. */
  static TrainingData open(Config config, Path location, Optional<HoldOut> holdOut) {
    if (holdOut.isPresent() && holdOut.get() instanceof HoldOut.Location(Path path)) {
      if (!Files.exists(path)) {
        throw new InputException(
            "There are no images to validate on at %s; give a share such as 0.1, or a folder or file of images."
                .formatted(path));
      }
      TrainingData data = TrainingData.open(config, location);
      TrainingData others = TrainingData.open(config, path);
      requireSameClasses(data, others, path);
      return data.withHeldOut(others);
    }
    TrainingData data = TrainingData.open(config, location);
    return holdOut.isPresent() && holdOut.get() instanceof HoldOut.Share(double share)
        ? data.holdingOut(share)
        : data;
  }

  private static void requireSameClasses(TrainingData data, TrainingData others, Path path) {
    List<String> names = data.images().classNames();
    List<String> otherNames = others.images().classNames();
    if (!names.equals(otherNames)) {
      int first = 0;
      while (first < Math.min(names.size(), otherNames.size())
          && names.get(first).equals(otherNames.get(first))) {
        first++;
      }
      throw new InputException(
          "The images to validate on in %s have other classes than those to train on: class %d is %s there and %s here; sort them into the same classes."
              .formatted(path, first, name(otherNames, first), name(names, first)));
    }
  }

  private static String name(List<String> names, int index) {
    return index < names.size() ? "\"" + names.get(index) + "\"" : "missing";
  }
}
