package dev.hourglass.training;

/**
 * Where a run stands, besides its tensors. All random numbers follow from it and the seed.
 *
 * @param step optimiser steps done
 * @param images images drawn from the data so far
 * @param averageSteps updates of the averaged weights since they were last reset
 * @param lossAverage the moving average of the loss; NaN before the first step
 * @param seed of the run
 */
public record TrainingState(
    long step, long images, long averageSteps, double lossAverage, long seed) {

  static TrainingState start(long seed) {
    return new TrainingState(0, 0, 0, Double.NaN, seed);
  }
}
