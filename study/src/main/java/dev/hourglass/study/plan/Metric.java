package dev.hourglass.study.plan;

import dev.hourglass.core.InputException;
import dev.hourglass.core.text.Spelling;
import dev.hourglass.json.JsonSection;
import dev.hourglass.json.JsonText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * What a study compares its variants by. What a metric needs to be measured is up to {@code
 * CellMetrics}.
 */
public enum Metric {
  /**
   * The mean loss of the last tenth of the steps. Paired seeds train on the same images with the
   * same noise, so differences have little variance; but variants with other losses or weightings
   * of noise levels do not compare.
   */
  TRAIN_LOSS(
      "train_loss",
      "training loss",
      "the mean training loss of the last tenth of the steps; lower is better",
      true),

  /** The last {@code validation_loss} of the run's metrics, by the averaged weights. */
  VALIDATION_LOSS(
      "validation_loss",
      "validation loss",
      "the last validation loss, by the averaged weights; lower is better",
      true),

  /** The Fréchet distance of scattering features, of images drawn at the end from the real ones. */
  FID(
      "fid",
      "FID, scattering",
      "the Fréchet distance of scattering features between images drawn and training images;"
          + " lower is better, and to be compared between equally many images only",
      true),

  /** The kernel distance of the same features. */
  KID(
      "kid",
      "KID, scattering",
      "the kernel distance of scattering features between images drawn and training images; lower"
          + " is better",
      true);

  private final String jsonName;
  private final String title;
  private final String description;
  private final boolean lowerIsBetter;

  Metric(String jsonName, String title, String description, boolean lowerIsBetter) {
    this.jsonName = jsonName;
    this.title = title;
    this.description = description;
    this.lowerIsBetter = lowerIsBetter;
  }

  /** Its name in files. */
  public String jsonName() {
    return jsonName;
  }

  /** Its name in tables. */
  public String title() {
    return title;
  }

  /** What it is, for readers. */
  public String description() {
    return description;
  }

  /** Whether images are drawn to measure it. */
  public boolean needsImages() {
    return this == FID || this == KID;
  }

  /** Whether {@code value} is better than {@code other}. */
  public boolean better(double value, double other) {
    return lowerIsBetter ? value < other : value > other;
  }

  /** The metric of a name in a file. */
  public static Optional<Metric> named(String name) {
    return Arrays.stream(values()).filter(metric -> metric.jsonName.equals(name)).findFirst();
  }

  /** Reads a list of names, of which the first is the one that {@code study list} ranks by. */
  static List<Metric> read(JsonSection section, String key) {
    List<String> known = Arrays.stream(values()).map(Metric::jsonName).toList();
    List<Metric> metrics = new ArrayList<>();
    JsonNode node = section.node(key);
    if (!(node instanceof ArrayNode names) || names.isEmpty()) {
      throw new InputException(
          "%s is %s; give a list of at least one of %s."
              .formatted(section.path(key), JsonText.render(node), String.join(", ", known)));
    }
    for (JsonNode name : names) {
      String text = name.isString() ? name.stringValue() : JsonText.render(name);
      Metric metric =
          named(text)
              .orElseThrow(
                  () ->
                      new InputException(
                          "%s has \"%s\", which is not known; %s"
                              .formatted(
                                  section.path(key),
                                  text,
                                  Spelling.advice(text, known, "choose one of"))));
      if (metrics.contains(metric)) {
        throw new InputException(
            "%s has %s twice; keep one of them.".formatted(section.path(key), text));
      }
      metrics.add(metric);
    }
    return List.copyOf(metrics);
  }
}
