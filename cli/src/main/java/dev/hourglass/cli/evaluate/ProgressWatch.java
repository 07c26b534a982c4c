package dev.hourglass.cli.evaluate;

import dev.hourglass.cli.report.Progress;
import java.io.PrintWriter;

/** Shows one task after another. */
public final class ProgressWatch implements Watch, AutoCloseable {

  private final PrintWriter out;
  private Progress progress; // null between tasks
  private double first;
  private long total;

  public ProgressWatch(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void begin(String task, long done, long all) {
    end();
    progress = new Progress(out, task);
    progress.begin(done, all);
    first = done;
    total = all;
  }

  @Override
  public void done(double done) {
    progress.update(
        (long) done, total, "%.2f images/s".formatted((done - first) / progress.seconds()));
  }

  @Override
  public void note(String line) {
    if (progress == null) {
      out.println(line);
      out.flush();
    } else {
      progress.note(line);
    }
  }

  /** The task is over. */
  public void end() {
    if (progress != null) {
      progress.close();
      progress = null;
    }
  }

  @Override
  public void close() {
    end();
  }
}
