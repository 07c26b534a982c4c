package dev.hourglass.training;

import dev.hourglass.compute.Compute;
import dev.hourglass.core.InputException;
import dev.hourglass.training.validation.Validating;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How a run trains, besides its config file.
 *
 * @param steps the step to end at; a resumed run goes on to it
 * @param seed of weights, order, noise, augmentation and dropout; if absent the run's own, and 0
 *     for a new run
 * @param learningRate instead of the config's
 */
public record TrainSettings(
    long steps,
    OptionalLong seed,
    Batching batching,
    Compute compute,
    OptionalDouble learningRate,
    Restart restart,
    Intervals intervals,
    Validating validation) {

  /** Beyond it a step would overflow float32. */
  private static final double MAX_RATE = 1e30;

  public static final TrainSettings DEFAULT =
      new TrainSettings(
          100_000,
          OptionalLong.empty(),
          new Batching(64, 1, false),
          Compute.AUTO,
          OptionalDouble.empty(),
          Restart.PLAIN,
          Intervals.DEFAULT,
          Validating.NEVER);

  public TrainSettings {
    if (steps < 1) {
      throw new InputException("Steps must be at least 1, not %d.".formatted(steps));
    }
    if (learningRate.isPresent()
        && !(learningRate.getAsDouble() > 0 && learningRate.getAsDouble() <= MAX_RATE)) {
      throw new InputException(
          "The learning rate must be above 0 and at most 1e30, not %s."
              .formatted(learningRate.getAsDouble()));
    }
  }

  public TrainSettings withSteps(long to) {
    return new TrainSettings(
        to, seed, batching, compute, learningRate, restart, intervals, validation);
  }

  public TrainSettings withSeed(long to) {
    OptionalLong given = OptionalLong.of(to);
    return new TrainSettings(
        steps, given, batching, compute, learningRate, restart, intervals, validation);
  }

  public TrainSettings withBatching(Batching to) {
    return new TrainSettings(
        steps, seed, to, compute, learningRate, restart, intervals, validation);
  }

  /** Passes of {@code size} images each, {@code accumulation} of them a step. */
  public TrainSettings withBatch(int size, int accumulation) {
    return withBatching(new Batching(size, accumulation, batching.checkpointing()));
  }

  public TrainSettings withCompute(Compute to) {
    return new TrainSettings(
        steps, seed, batching, to, learningRate, restart, intervals, validation);
  }

  public TrainSettings withLearningRate(double to) {
    OptionalDouble given = OptionalDouble.of(to);
    return new TrainSettings(steps, seed, batching, compute, given, restart, intervals, validation);
  }

  public TrainSettings withRestart(Restart to) {
    return new TrainSettings(
        steps, seed, batching, compute, learningRate, to, intervals, validation);
  }

  public TrainSettings withIntervals(Intervals to) {
    return new TrainSettings(steps, seed, batching, compute, learningRate, restart, to, validation);
  }

  public TrainSettings withValidation(Validating to) {
    return new TrainSettings(steps, seed, batching, compute, learningRate, restart, intervals, to);
  }
}
