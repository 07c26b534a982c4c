package dev.hourglass.study.plan;

import dev.hourglass.config.Config;
import dev.hourglass.training.Batching;
import java.util.OptionalDouble;

/**
 * One run of a study: a variant with a seed.
 *
 * @param config base and overlay merged; its {@code dataset.location} is as it was written
 * @param learningRate instead of the config's
 * @param digest changes with whatever may change the result: config, data, budget, batch, seed,
 *     number format, metrics and samples, as they were written. Keys that are not written leave it
 *     alone, so that a later version of Hourglass with more keys keeps old results.
 */
public record Cell(
    String variant,
    long seed,
    Config config,
    Batching batching,
    OptionalDouble learningRate,
    Budget budget,
    String digest) {

  private static final int SHORT_DIGEST = 12;

  /** The step to end at, unless the time is over before. */
  public long steps() {
    return budget.steps(batching.globalSize());
  }

  /** Enough of the digest to tell folders apart. */
  public String shortDigest() {
    return digest.substring(0, SHORT_DIGEST);
  }

  /** For messages: {@code wide, seed 1}. */
  public String name() {
    return "%s, seed %d".formatted(variant, seed);
  }
}
