package dev.hourglass.evaluation;

import java.util.OptionalDouble;

/**
 * One number of a comparison, with its name.
 *
 * @param key in files: fid, kid, ...
 * @param name in tables
 * @param standardError over drawings of other images; empty if unknown
 * @param errorMethod how that was found: bootstrap, half-samples, ...; empty with it
 * @param lowerIsBetter whether sets that are more alike give a smaller number
 */
public record Score(
    String key,
    String name,
    double value,
    OptionalDouble standardError,
    String errorMethod,
    boolean lowerIsBetter) {

  static Score of(
      String key, String name, Estimate estimate, String errorMethod, boolean lowerIsBetter) {
    return new Score(
        key,
        name,
        estimate.value(),
        estimate.standardError(),
        estimate.standardError().isPresent() ? errorMethod : "",
        lowerIsBetter);
  }
}
