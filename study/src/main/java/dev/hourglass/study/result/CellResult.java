package dev.hourglass.study.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hourglass.core.InputException;
import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.core.files.ReadFailure;
import dev.hourglass.json.JsonText;
import dev.hourglass.study.plan.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The result of a cell, the file {@code result.json}.
 *
 * @param failure why the cell has no metrics, such as a loss that is not finite; else empty
 * @param digest of what the cell was asked to do
 * @param metrics by name, in the order of the study
 * @param steps optimiser steps done
 * @param images drawn from the data
 * @param dataSize images in the data
 * @param parameters of the model
 * @param macs multiply-accumulates of a forward pass of one image
 * @param imagesPerSecond median over the steps
 * @param peakMemoryBytes of the process that trained; empty where the system does not tell
 * @param trainingSeconds sum over the steps
 * @param loss mean loss over windows of steps
 * @param validation validation loss where it was measured
 * @param provenance what made it
 * @param config with every default spelled out
 */
public record CellResult(
    String study,
    String variant,
    long seed,
    Optional<String> failure,
    String digest,
    Map<String, Double> metrics,
    long steps,
    long images,
    int dataSize,
    long parameters,
    long macs,
    double imagesPerSecond,
    OptionalLong peakMemoryBytes,
    double trainingSeconds,
    Curve loss,
    Curve validation,
    Provenance provenance,
    ObjectNode config) {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .changeDefaultPropertyInclusion(
              all -> all.withValueInclusion(JsonInclude.Include.NON_ABSENT))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES) // of later versions
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  /** Copies what may change. */
  public CellResult {
    metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
  }

  /** The value of a metric; empty if the cell failed or has none. */
  public OptionalDouble metric(Metric metric) {
    Double value = metrics.get(metric.jsonName());
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** The same result as that of another study's variant, which computes the same. */
  public CellResult of(String otherStudy, String otherVariant) {
    return new CellResult(
        otherStudy,
        otherVariant,
        seed,
        failure,
        digest,
        metrics,
        steps,
        images,
        dataSize,
        parameters,
        macs,
        imagesPerSecond,
        peakMemoryBytes,
        trainingSeconds,
        loss,
        validation,
        provenance,
        config);
  }

  /** Writes the file: whole or not at all. */
  public void write(Path file) {
    AtomicFiles.writeString(file, JsonText.pretty(JSON.valueToTree(this)));
  }

  /**
   * Reads a file, if there is one.
   *
   * @throws InputException if it is damaged
   */
  public static Optional<CellResult> read(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(Files.readString(file), CellResult.class));
    } catch (JacksonException | NullPointerException | IllegalArgumentException e) {
      throw new InputException(
          "%s is damaged; delete it, and its cell is run again.".formatted(file), e);
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    }
  }
}
