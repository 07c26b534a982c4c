package dev.hourglass.cli.evaluate;

import dev.hourglass.core.machine.Machine;
import dev.hourglass.evaluation.Resamples;
import dev.hourglass.evaluation.features.FeatureExtractor;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a report says of how it came to be. */
public final class Provenance {

  private Provenance() {}

  /**
   * The first sections of a report; others may be added.
   *
   * @param version of Hourglass
   * @param command the words after {@code hourglass}
   */
  public static Map<String, Object> of(
      String version, List<String> command, FeatureExtractor extractor, Resamples resamples) {
    Map<String, Object> errors = new LinkedHashMap<>();
    errors.put("of", "other images by the same model, the real images as they are");
    errors.put("resamples", resamples.count());
    errors.put("seed", resamples.seed());
    Map<String, Object> features = new LinkedHashMap<>();
    features.put("name", extractor.name());
    features.put("digest", extractor.digest());
    Map<String, Object> context = of(version, command);
    context.put("extractor", features);
    context.put("standard_errors", errors);
    return context;
  }

  /** Those that do not depend on what was measured. */
  static Map<String, Object> of(String version, List<String> command) {
    Machine here = Machine.here();
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("processor", here.processor());
    machine.put("cores", here.cores());
    machine.put("system", here.system());
    machine.put("java", here.java());
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("hourglass", version);
    context.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    context.put("machine", machine);
    context.put("command", command);
    return context;
  }
}
