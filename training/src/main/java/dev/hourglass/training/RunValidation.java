package dev.hourglass.training;

import dev.hourglass.config.Config;
import dev.hourglass.ops.Ops;
import dev.hourglass.training.metrics.ValidationColumns;
import dev.hourglass.training.validation.Validating;
import dev.hourglass.training.validation.ValidationImages;
import dev.hourglass.training.validation.ValidationLevels;
import dev.hourglass.training.validation.ValidationLoss;
import dev.hourglass.training.validation.ValidationResult;
import java.util.Map;
import java.util.Optional;

/** The validation of a run's averaged weights, if it has images for that. */
final class RunValidation {

  private final Config config;
  private final TrainSettings settings;
  private final RunState run;
  private final Ops ops;
  private final ValidationLevels levels;
  private final Optional<ValidationImages> images;

  RunValidation(Config config, TrainSettings settings, TrainingData data, RunState run, Ops ops) {
    this.config = config;
    this.settings = settings;
    this.run = run;
    this.ops = ops;
    Validating validating = settings.validation();
    this.levels = validating.levelsFor(config.model().diffusion());
    this.images =
        validating.every() == 0
            ? Optional.empty()
            : data.heldOut()
                .map(
                    held ->
                        new ValidationImages(
                            config.model(), held.images(), held.vectors(), validating.count()));
  }

  /** What the table of metrics has more because of it. */
  ValidationColumns columns() {
    return images.isPresent() ? ValidationColumns.of(levels.names()) : ValidationColumns.NONE;
  }

  /** Measures, if that is due after a step: with the first of the averages. */
  Optional<ValidationResult> after(long step, TrainingListener listener) {
    if (images.isEmpty() || !settings.validation().at(step, settings.steps())) {
      return Optional.empty();
    }
    ValidationLoss loss =
        new ValidationLoss(config.model(), run.averages().getFirst(), ops, levels);
    ValidationResult result = loss.over(images.get(), settings.batching().size(), done -> {});
    listener.validated(step, result);
    return Optional.of(result);
  }

  Map<String, String> skipped() {
    return images.map(ValidationImages::skipped).orElse(Map.of());
  }
}
