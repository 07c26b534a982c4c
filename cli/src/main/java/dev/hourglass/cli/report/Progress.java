package dev.hourglass.cli.report;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * How far a long task is: a bar on a terminal, and elsewhere (a log file, say) a line every ten
 * seconds. For one thread.
 */
public final class Progress implements AutoCloseable {

  private static final double SECONDS_BETWEEN_LINES = 10;
  private static final int BAR_UPDATE_MILLIS = 200;

  /** Carriage return, and the ANSI sequence that clears to the end of the line. */
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintWriter out;
  private final String task;
  private ProgressBar bar; // null until the task begins, and where there is no terminal
  private long first;
  private long start = System.nanoTime();
  private double lastLine;

  /** A task that has not begun. */
  public Progress(PrintWriter out, String task) {
    this.out = out;
    this.task = task;
  }

  private static boolean isTerminal() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  private ProgressBar terminalBar(long total) {
    boolean unicode = System.err.charset().equals(StandardCharsets.UTF_8);
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(total)
        .setStyle(unicode ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(BAR_UPDATE_MILLIS)
        .setConsumer(new ConsoleProgressBarConsumer(System.err))
        .hideEta() // It stands in our message, where it says what it is.
        .build();
  }

  /** The task begins, or goes on where {@code done} of it is done. */
  public void begin(long done, long total) {
    first = done;
    start = System.nanoTime();
    if (isTerminal()) {
      bar = terminalBar(total);
      bar.stepTo(done);
    }
  }

  /** Seconds since the task began here. */
  public double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  /**
   * More is done.
   *
   * @param total may change as it gets known better
   */
  public void update(long done, long total, String message) {
    double seconds = seconds();
    double left = done > first ? seconds / (done - first) * Math.max(0, total - done) : 0;
    String text = "%s, %s left".formatted(message, Durations.text(left));
    if (bar != null) {
      bar.maxHint(Math.max(done, total));
      bar.stepTo(done);
      bar.setExtraMessage(" " + text);
    } else if (seconds - lastLine >= SECONDS_BETWEEN_LINES) {
      lastLine = seconds;
      out.println("%s %d/%d, %s".formatted(task, done, total, text));
      out.flush();
    }
  }

  /** A line of its own, above the bar. */
  public void note(String line) {
    if (bar == null) {
      out.println(line);
      out.flush();
    } else {
      System.err.print(CLEAR_LINE + line + System.lineSeparator());
      bar.refresh();
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
