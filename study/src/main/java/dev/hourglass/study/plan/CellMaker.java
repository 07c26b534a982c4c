package dev.hourglass.study.plan;

import dev.hourglass.config.Config;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.cost.ModelCost;
import dev.hourglass.core.InputException;
import dev.hourglass.core.text.Spelling;
import dev.hourglass.json.JsonSection;
import dev.hourglass.json.JsonText;
import dev.hourglass.json.Require;
import dev.hourglass.training.Batching;
import dev.hourglass.training.TrainSettings;
import java.util.List;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes cells of variants: merges the overlay, checks what comes out, and takes its digest. */
final class CellMaker {

  /** What a cell's result depends on, besides its variant and seed. */
  private static final List<String> SHARED =
      List.of("budget", "precision", "metrics", "samples", Validation.KEY, Evaluation.KEY);

  private static final List<String> TRAINING = List.of("batch_size", "accumulate", "lr");

  private final ObjectNode study;
  private final ObjectNode base;
  private final Budget budget;
  private final Samples samples;
  private final Evaluation evaluation;

  /**
   * @param study the study file, with the base's config in it
   */
  CellMaker(ObjectNode study, Budget budget, Samples samples, Evaluation evaluation) {
    this.study = study;
    this.budget = budget;
    this.samples = samples;
    this.evaluation = evaluation;
    ObjectNode whole = ((ObjectNode) study.get("base")).deepCopy();
    if (study.has("data")) {
      String data = new JsonSection("", study).string("data");
      whole = Overlay.merge(whole, Overlay.at("dataset.location", Overlay.text(data)));
    }
    for (String key : TRAINING) {
      if (study.has(key)) {
        whole.set(key, study.get(key));
      }
    }
    this.base = whole;
  }

  /**
   * The cell.
   *
   * @throws InputException if the variant is no valid config, or cannot be trained
   */
  Cell cell(Variant variant, long seed) {
    ObjectNode overlay = variant.overlay();
    requireKnown(variant, overlay);
    ObjectNode whole = Overlay.merge(base, overlay);
    JsonSection training = new JsonSection("", whole);
    Batching batching =
        new Batching(
            training.integer("batch_size", TrainSettings.DEFAULT.batching().size()),
            training.integer("accumulate", 1),
            false);
    OptionalDouble rate =
        training.has("lr") ? OptionalDouble.of(training.number("lr")) : OptionalDouble.empty();
    rate.ifPresent(value -> Require.positive("lr", value));
    Config config = config(variant, whole);
    samples.requirePossible(variant.name(), config);
    evaluation.requirePossible(variant.name(), config);
    return new Cell(
        variant.name(), seed, config, batching, rate, budget, CellDigest.of(inputs(whole, seed)));
  }

  private static void requireKnown(Variant variant, ObjectNode overlay) {
    for (String key : overlay.propertyNames()) {
      if (!StudyKeys.OVERLAY.contains(key)) {
        throw new InputException(
            "The variant %s sets %s, which is not a known key; %s"
                .formatted(
                    variant.name(),
                    key,
                    Spelling.advice(key, StudyKeys.OVERLAY, "the keys allowed here are")));
      }
    }
  }

  private static Config config(Variant variant, ObjectNode whole) {
    ObjectNode json = whole.deepCopy();
    TRAINING.forEach(json::remove);
    Config config = Config.parse(JsonText.compact(json), "variant " + variant.name());
    config.dataset().requireTrainable();
    ModelConfig model = config.model();
    ModelCost.of(model, model.inputSize());
    return config;
  }

  private ObjectNode inputs(ObjectNode whole, long seed) {
    ObjectNode inputs = Overlay.empty();
    inputs.set("config", whole);
    for (String key : SHARED) {
      JsonNode value = study.get(key);
      if (value != null) {
        inputs.set(key, value);
      }
    }
    return inputs.put("seed", seed);
  }
}
