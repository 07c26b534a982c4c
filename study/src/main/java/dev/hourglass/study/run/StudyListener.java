package dev.hourglass.study.run;

import dev.hourglass.study.plan.Cell;
import dev.hourglass.study.result.CellResult;

/** Hears of the progress of a study. Calls come on the thread that runs it. */
public interface StudyListener {

  /** A cell has its result from another study, in which it has the same digest. */
  void taken(Cell cell, String otherStudy);

  /** A cell begins, or goes on. */
  void started(Cell cell);

  /**
   * A cell has its result, which may be that it failed.
   *
   * @param done cells with a result, of all
   */
  void ended(Cell cell, CellResult result, int done);

  /**
   * A process ended without a result, so that its cell is not done.
   *
   * @param reason the last that it said
   */
  void broken(Cell cell, int exitCode, String reason);

  /**
   * Called several times a second while cells run.
   *
   * @param done cells with a result, of all
   * @param secondsLeft a guess; NaN while there is nothing to go by
   */
  void waiting(int done, double secondsLeft);
}
