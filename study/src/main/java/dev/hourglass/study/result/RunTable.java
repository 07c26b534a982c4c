package dev.hourglass.study.result;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.ReadFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The {@code metrics.csv} of a run, by the names of its columns. An empty value is NaN: it was not
 * measured at that step.
 */
public final class RunTable {

  /** Which of the last steps count for the loss of a run: a tenth. */
  private static final int LAST_PART = 10;

  private final Path file;
  private final List<String> names;
  private final List<double[]> rows;

  private RunTable(Path file, List<String> names, List<double[]> rows) {
    this.file = file;
    this.names = names;
    this.rows = rows;
  }

  /**
   * Reads it.
   *
   * @throws InputException if the file cannot be read or is damaged
   */
  public static RunTable read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      List<String> names = lines.isEmpty() ? List.of() : List.of(lines.getFirst().split(","));
      List<double[]> rows =
          lines.stream().skip(1).map(line -> row(line, names.size(), file)).toList();
      return new RunTable(file, names, rows);
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    }
  }

  private static double[] row(String line, int columns, Path file) {
    try {
      double[] values =
          Arrays.stream(line.split(",", -1))
              .mapToDouble(text -> text.isEmpty() ? Double.NaN : Double.parseDouble(text))
              .toArray();
      if (values.length == columns) {
        return values;
      }
    } catch (NumberFormatException e) {
      throw damaged(file, line, e);
    }
    throw damaged(file, line, null);
  }

  private static InputException damaged(Path file, String line, NumberFormatException cause) {
    return new InputException(
        "%s has a damaged line, \"%s\"; delete the run's folder.".formatted(file, line), cause);
  }

  /** Whether there is such a column. */
  public boolean has(String column) {
    return names.contains(column);
  }

  /**
   * A column, a value a step.
   *
   * @throws InputException if there is none
   */
  public double[] column(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new InputException(
          "%s has no column %s; train again with a version that writes it.".formatted(file, name));
    }
    return rows.stream().mapToDouble(row -> row[index]).toArray();
  }

  /** How many steps were done. */
  public long steps() {
    return rows.size();
  }

  /** The last value of a column that was measured; NaN if none was. */
  public double last(String name) {
    double[] values = column(name);
    for (int i = values.length - 1; i >= 0; i--) {
      if (!Double.isNaN(values[i])) {
        return values[i];
      }
    }
    return Double.NaN;
  }

  /** The mean of a column over the last tenth of the steps. */
  public double meanOfLastTenth(String name) {
    double[] values = column(name);
    int count = Math.ceilDiv(values.length, LAST_PART);
    return Arrays.stream(values, values.length - count, values.length).average().orElse(Double.NaN);
  }

  /** The median of a column, which single disturbances leave alone; 0 without steps. */
  public double median(String name) {
    double[] values = column(name);
    if (values.length == 0) {
      return 0;
    }
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }

  /** The sum of a column. */
  public double sum(String name) {
    return Arrays.stream(column(name)).sum();
  }
}
