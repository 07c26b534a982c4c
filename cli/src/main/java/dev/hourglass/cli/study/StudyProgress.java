package dev.hourglass.cli.study;

import dev.hourglass.study.plan.Cell;
import dev.hourglass.study.plan.Study;
import dev.hourglass.study.result.CellResult;
import dev.hourglass.study.run.StudyListener;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.Collectors;

/** Says how far a study is: a line for each cell, and one every half minute. */
final class StudyProgress implements StudyListener {

  private static final double SECONDS_BETWEEN_LINES = 30;

  private final PrintWriter out;
  private final Study study;
  private long last = System.nanoTime();

  StudyProgress(PrintWriter out, Study study) {
    this.out = out;
    this.study = study;
  }

  @Override
  public void taken(Cell cell, String otherStudy) {
    say("%s: taken from %s, which has the same cell.".formatted(cell.name(), otherStudy));
  }

  @Override
  public void started(Cell cell) {
    say("%s: started.".formatted(cell.name()));
  }

  @Override
  public void ended(Cell cell, CellResult result, int done) {
    String what =
        result
            .failure()
            .map("failed at "::concat)
            .orElseGet(
                () ->
                    result.metrics().entrySet().stream()
                        .map(m -> String.format(Locale.ROOT, "%s %.5f", m.getKey(), m.getValue()))
                        .collect(Collectors.joining(", ")));
    say("%s: %s (%d of %d cells).".formatted(cell.name(), what, done, study.cells().size()));
  }

  @Override
  public void broken(Cell cell, int exitCode, String reason) {
    say("%s: ended with code %d: %s".formatted(cell.name(), exitCode, reason));
  }

  @Override
  public void waiting(int done, double secondsLeft) {
    if ((System.nanoTime() - last) / 1e9 >= SECONDS_BETWEEN_LINES) {
      say(
          "%d of %d cells%s."
              .formatted(
                  done,
                  study.cells().size(),
                  Double.isNaN(secondsLeft) ? "" : ", about " + time(secondsLeft) + " left"));
    }
  }

  private static String time(double seconds) {
    long minutes = Math.max(1, Math.round(seconds / 60));
    return minutes < 60
        ? minutes + " min"
        : String.format(Locale.ROOT, "%d h %02d min", minutes / 60, minutes % 60);
  }

  private void say(String line) {
    last = System.nanoTime();
    out.println(line);
    out.flush();
  }
}
