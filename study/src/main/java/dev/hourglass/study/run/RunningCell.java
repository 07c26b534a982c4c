package dev.hourglass.study.run;

import dev.hourglass.study.plan.Cell;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A cell and the process that runs it. */
record RunningCell(Cell cell, Process process, Path metrics, Path log, double before) {

  private static final int LAST_LINES = 2000;

  /**
   * @param metrics of its run
   */
  static RunningCell of(Cell cell, Process process, Path metrics, Path log) {
    return new RunningCell(cell, process, metrics, log, fraction(cell, metrics));
  }

  /** How much of the cell was done by this process, from 0 to 1. */
  double fractionHere() {
    return Math.max(0, fraction(cell, metrics) - before);
  }

  /** How much of a cell's training is done, by the last line of its metrics. */
  static double fraction(Cell cell, Path metrics) {
    String[] columns = lastLine(metrics).split(",");
    if (!columns[0].matches("\\d+")) {
      return 0;
    }
    return Math.min(1, Long.parseLong(columns[0]) / (double) cell.steps());
  }

  /** What the process said last. */
  String lastWords() {
    String line = lastLine(log);
    return line.isEmpty() ? "it said nothing" : line;
  }

  /** The last whole line of a file that another process writes; empty if there is none. */
  private static String lastLine(Path file) {
    if (!Files.exists(file)) {
      return "";
    }
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
      long start = Math.max(0, bytes.length() - LAST_LINES);
      byte[] end = new byte[(int) (bytes.length() - start)];
      bytes.seek(start);
      bytes.readFully(end);
      String text = new String(end, StandardCharsets.UTF_8);
      List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
      return lines.isEmpty() ? "" : lines.getLast();
    } catch (IOException e) {
      return ""; // It was deleted, or is just being replaced.
    }
  }
}
