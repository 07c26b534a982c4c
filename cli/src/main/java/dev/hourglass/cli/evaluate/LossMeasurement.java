package dev.hourglass.cli.evaluate;

import dev.hourglass.cli.likelihood.MeasuredImages;
import dev.hourglass.evaluation.Score;
import dev.hourglass.model.Parameters;
import dev.hourglass.ops.Ops;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.training.validation.ValidationImages;
import dev.hourglass.training.validation.ValidationLevels;
import dev.hourglass.training.validation.ValidationLoss;
import dev.hourglass.training.validation.ValidationResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * The validation loss of a model's averaged weights on real images, as a report.
 *
 * @param options which images, at which noise levels
 * @param location of the images
 * @param type how they are stored; empty for the type in the model's config
 * @param count images at most
 */
public record LossMeasurement(
    ModelFile model, LossOptions options, Path location, String type, int count) {

  private static final String METHOD = "analytic, over images";

  /**
   * Measures.
   *
   * @param batchSize images at once; without effect beyond rounding
   * @param version of Hourglass
   * @param command the words after {@code hourglass}
   */
  public EvaluationReport run(
      Ops ops, int batchSize, String version, List<String> command, Watch watch) {
    ValidationLevels levels = options.levels(model);
    try (MeasuredImages images =
            MeasuredImages.open(model, location, type, options.heldOut(), false, true);
        Parameters weights = model.averagedWeights()) {
      images.report().forEach(watch::note);
      ValidationImages sample =
          new ValidationImages(model.config().model(), images.images(), images.vectors(), count);
      watch.begin("loss", 0, sample.size());
      ValidationResult result =
          new ValidationLoss(model.config().model(), weights, ops, levels)
              .over(sample, batchSize, watch::done);
      sample
          .skipped()
          .forEach((name, reason) -> watch.note("Skipped %s: %s.".formatted(name, reason)));
      Map<String, Object> context = Provenance.of(version, command);
      context.put("model", model.digest());
      context.put("data", data(images, result));
      context.put(
          "loss",
          new TreeMap<>(
              Map.of(
                  "weighting", levels.weighting().name(),
                  "sigma_data", levels.scales().data(),
                  "sigmas", levels.sigmas())));
      return new EvaluationReport(context, List.of(new Result(Map.of(), scores(levels, result))));
    }
  }

  private Map<String, Object> data(MeasuredImages images, ValidationResult result) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("location", location.getFileName().toString());
    data.put("images_in_the_set", images.size());
    data.put("held_out_share", options.heldOut());
    data.put("images", result.images());
    return data;
  }

  private static List<Score> scores(ValidationLevels levels, ValidationResult result) {
    List<Score> scores = new ArrayList<>();
    OptionalDouble error =
        result.images() > 1 ? OptionalDouble.of(result.standardError()) : OptionalDouble.empty();
    scores.add(
        new Score(
            "validation_loss",
            "loss, %s, %d images".formatted(levels.weighting().name(), result.images()),
            result.loss(),
            error,
            error.isPresent() ? METHOD : "",
            true));
    for (int i = 0; i < levels.names().size(); i++) {
      String name = levels.names().get(i);
      scores.add(
          new Score(
              "at_" + name,
              "  at sigma " + name,
              result.byLevel().get(i),
              OptionalDouble.empty(),
              "",
              true));
    }
    return scores;
  }
}
