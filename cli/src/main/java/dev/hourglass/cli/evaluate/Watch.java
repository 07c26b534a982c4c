package dev.hourglass.cli.evaluate;

/** Hears how far a long task is. */
public interface Watch {

  /** A task of {@code total} images begins, or goes on where {@code done} are done. */
  void begin(String task, long done, long total);

  /** So many are done, some in part. */
  void done(double done);

  /** Something to tell in a line of its own. */
  void note(String line);
}
