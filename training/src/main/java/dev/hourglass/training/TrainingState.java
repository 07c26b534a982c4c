package dev.hourglass.training;

import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a run stands, besides its tensors. All random numbers follow from it and the seed.
 *
 * @param step optimiser steps done
 * @param images images drawn from the data so far
 * @param averageSteps updates of the averaged weights since they were last reset
 * @param lossAverage the moving average of the loss; NaN before the first step
 * @param seed of the run
 * @param averageReset the step at which this run began its averaged weights anew because it was
 *     asked to; empty if it never was
 */
public record TrainingState(
    long step,
    long images,
    long averageSteps,
    double lossAverage,
    long seed,
    OptionalLong averageReset) {

  private static final JsonMapper JSON = new JsonMapper();

  static TrainingState start(long seed) {
    return new TrainingState(0, 0, 0, Double.NaN, seed, OptionalLong.empty());
  }

  /** After one more step. */
  TrainingState next(int newImages, double newLossAverage) {
    return new TrainingState(
        step + 1, images + newImages, averageSteps + 1, newLossAverage, seed, averageReset);
  }

  /** With averaged weights that begin anew here. */
  TrainingState withAverageReset() {
    return new TrainingState(step, images, 0, lossAverage, seed, OptionalLong.of(step));
  }

  /** As another run takes it over, whose averaged weights were not reset yet. */
  TrainingState forAnotherRun() {
    return new TrainingState(step, images, averageSteps, lossAverage, seed, OptionalLong.empty());
  }

  /** For a checkpoint's metadata. A run that was never reset writes what it always wrote. */
  String toJson() {
    ObjectNode json =
        JSON.createObjectNode()
            .put("step", step)
            .put("images", images)
            .put("averageSteps", averageSteps)
            .put("lossAverage", lossAverage)
            .put("seed", seed);
    averageReset.ifPresent(at -> json.put("averageReset", at));
    return JSON.writeValueAsString(json);
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if the text is anything else; the message is what is wrong, to
   *     stand in parentheses
   */
  static TrainingState parse(String text) {
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("it is no JSON", e);
    }
    if (!json.isObject()) {
      throw new IllegalArgumentException("it is no JSON object");
    }
    long step = count(json, "step");
    OptionalLong reset =
        json.has("averageReset")
            ? OptionalLong.of(count(json, "averageReset"))
            : OptionalLong.empty();
    if (reset.isPresent() && reset.getAsLong() > step) {
      throw new IllegalArgumentException("averageReset is beyond the step");
    }
    return new TrainingState(
        step,
        count(json, "images"),
        count(json, "averageSteps"),
        lossAverage(json.path("lossAverage")),
        integer(json, "seed"),
        reset);
  }

  private static long count(JsonNode json, String key) {
    long value = integer(json, key);
    if (value < 0) {
      throw new IllegalArgumentException("%s is %d".formatted(key, value));
    }
    return value;
  }

  private static long integer(JsonNode json, String key) {
    JsonNode value = json.path(key);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new IllegalArgumentException(
          value.isMissingNode()
              ? "%s is missing".formatted(key)
              : "%s is %s, no whole number".formatted(key, value));
    }
    return value.longValue();
  }

  /** Jackson writes the value before the first step, which is not a number, as text. */
  private static double lossAverage(JsonNode value) {
    if (value.isNumber() && Double.isFinite(value.doubleValue())) {
      return value.doubleValue();
    }
    if (value.isString() && value.stringValue().equals("NaN")) {
      return Double.NaN;
    }
    throw new IllegalArgumentException(
        "lossAverage is %s".formatted(value.isMissingNode() ? "missing" : value));
  }
}
