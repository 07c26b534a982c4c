package dev.hourglass.study.run;

import dev.hourglass.config.cost.ModelCost;
import dev.hourglass.study.plan.Cell;

/**
 * Guesses how long a study still takes, from what it did so far. Work is counted in
 * multiply-accumulates of the images trained on or, with a budget of time, in seconds.
 */
final class TimeLeft {

  private final long start = System.nanoTime();
  private double left;
  private double doneHere;

  /** A cell that is still to be run. */
  void add(Cell cell, double fractionDone) {
    left += work(cell) * (1 - fractionDone);
  }

  /** A cell that ended here. */
  void ended(RunningCell running) {
    double work = work(running.cell()) * (1 - running.before());
    left -= work;
    doneHere += work;
  }

  /** Seconds, given the cells that run; NaN while nothing is done. */
  double seconds(Iterable<RunningCell> running) {
    double here = doneHere;
    double still = left;
    for (RunningCell cell : running) {
      double work = work(cell.cell()) * cell.fractionHere();
      here += work;
      still -= work;
    }
    double elapsed = (System.nanoTime() - start) / 1e9;
    return here > 0 ? elapsed * Math.max(0, still) / here : Double.NaN;
  }

  private static double work(Cell cell) {
    return cell.budget()
        .seconds()
        .orElseGet(
            () -> {
              var model = cell.config().model();
              double images = (double) cell.steps() * cell.batching().globalSize();
              return images * ModelCost.of(model, model.inputSize()).macs();
            });
  }
}
