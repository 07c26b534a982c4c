package dev.hourglass.training;

import dev.hourglass.core.InputException;
import dev.hourglass.ops.Kernels;
import dev.hourglass.ops.Precision;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * How a run trains, besides its config file.
 *
 * @param steps the step to end at; a resumed run goes on to it
 * @param seed of weights, order, noise, augmentation and dropout; if absent the run's own, and 0
 *     for a new run
 * @param batchSize images of one forward and backward pass
 * @param accumulation passes whose gradients make one step; the batch that statistics see has
 *     {@code batchSize * accumulation} images
 * @param kernels who computes
 * @param precision of matrix products
 * @param learningRate instead of the config's
 * @param checkpointing whether blocks recompute activations instead of keeping them
 * @param resetAverage whether the averaged weights start anew from the trained ones, as after a
 *     change of data; a run does so once, where it is first asked to
 * @param acceptClasses whether a run may go on although its classes were renamed or moved
 */
public record TrainSettings(
    long steps,
    OptionalLong seed,
    int batchSize,
    int accumulation,
    Kernels kernels,
    Precision precision,
    OptionalDouble learningRate,
    boolean checkpointing,
    boolean resetAverage,
    boolean acceptClasses,
    Intervals intervals) {

  /** Beyond it a step would overflow float32. */
  private static final double MAX_RATE = 1e30;

  public static final TrainSettings DEFAULT =
      new TrainSettings(
          100_000,
          OptionalLong.empty(),
          64,
          1,
          Kernels.AUTO,
          Precision.AUTO,
          OptionalDouble.empty(),
          false,
          false,
          false,
          Intervals.DEFAULT);

  public TrainSettings {
    if (steps < 1 || batchSize < 1 || accumulation < 1) {
      throw new InputException(
          "Steps, batch size and accumulation must be at least 1, not %d, %d and %d."
              .formatted(steps, batchSize, accumulation));
    }
    if (learningRate.isPresent()
        && !(learningRate.getAsDouble() > 0 && learningRate.getAsDouble() <= MAX_RATE)) {
      throw new InputException(
          "The learning rate must be above 0 and at most 1e30, not %s."
              .formatted(learningRate.getAsDouble()));
    }
  }

  /** Images of one optimiser step. */
  public int globalBatch() {
    return Math.multiplyExact(batchSize, accumulation);
  }

  public TrainSettings withSteps(long newSteps) {
    return with(draft -> draft.steps = newSteps);
  }

  public TrainSettings withSeed(long newSeed) {
    return with(draft -> draft.seed = OptionalLong.of(newSeed));
  }

  public TrainSettings withBatch(int newBatchSize, int newAccumulation) {
    return with(
        draft -> {
          draft.batchSize = newBatchSize;
          draft.accumulation = newAccumulation;
        });
  }

  public TrainSettings withKernels(Kernels newKernels) {
    return with(draft -> draft.kernels = newKernels);
  }

  public TrainSettings withPrecision(Precision newPrecision) {
    return with(draft -> draft.precision = newPrecision);
  }

  public TrainSettings withLearningRate(double newRate) {
    return with(draft -> draft.learningRate = OptionalDouble.of(newRate));
  }

  public TrainSettings withCheckpointing(boolean newCheckpointing) {
    return with(draft -> draft.checkpointing = newCheckpointing);
  }

  public TrainSettings withResetAverage(boolean newReset) {
    return with(draft -> draft.resetAverage = newReset);
  }

  public TrainSettings withAcceptedClasses(boolean newAccept) {
    return with(draft -> draft.acceptClasses = newAccept);
  }

  public TrainSettings withIntervals(Intervals newIntervals) {
    return with(draft -> draft.intervals = newIntervals);
  }

  /** A copy with one change. */
  private TrainSettings with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.finish();
  }

  /** The settings while they change. */
  private static final class Draft {
    private long steps;
    private OptionalLong seed;
    private int batchSize;
    private int accumulation;
    private Kernels kernels;
    private Precision precision;
    private OptionalDouble learningRate;
    private boolean checkpointing;
    private boolean resetAverage;
    private boolean acceptClasses;
    private Intervals intervals;

    Draft(TrainSettings from) {
      steps = from.steps;
      seed = from.seed;
      batchSize = from.batchSize;
      accumulation = from.accumulation;
      kernels = from.kernels;
      precision = from.precision;
      learningRate = from.learningRate;
      checkpointing = from.checkpointing;
      resetAverage = from.resetAverage;
      acceptClasses = from.acceptClasses;
      intervals = from.intervals;
    }

    TrainSettings finish() {
      return new TrainSettings(
          steps,
          seed,
          batchSize,
          accumulation,
          kernels,
          precision,
          learningRate,
          checkpointing,
          resetAverage,
          acceptClasses,
          intervals);
    }
  }
}
