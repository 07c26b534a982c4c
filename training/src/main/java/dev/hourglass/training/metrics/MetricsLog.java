package dev.hourglass.training.metrics;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.core.files.WriteFailure;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A CSV file with a line a step. Opening it at a step forgets the lines that a killed run wrote
 * after that step. A run that begins to validate on its way gets the columns for that then, empty
 * in the lines before; they stay if it no longer does.
 */
public final class MetricsLog implements AutoCloseable {

  private static final String HEADER =
      "step,images,loss,loss_average,gradient_norm,learning_rate,seconds,images_per_second";

  /**
   * Two whole numbers and six decimals, of which Java may write some as powers of ten; then those
   * of a validation, or as many times nothing.
   */
  private static final Pattern LINE =
      Pattern.compile(
          "\\d{1,18},\\d{1,18}(,(-?[\\d.]+(E-?\\d+)?|NaN)){6}(,(-?[\\d.]+(E-?\\d+)?|NaN)?)*");

  private final Path file;
  private final ValidationColumns columns;
  private final BufferedWriter writer;

  /**
   * Opens the file, or makes it.
   *
   * @param validation the columns that validations of this run have
   * @throws InputException if it is not a file that this class wrote, so that nothing of it is
   *     lost, or if it holds validations at other noise levels
   */
  public MetricsLog(Path file, long step, ValidationColumns validation) {
    this.file = file;
    try {
      List<String> lines = Files.exists(file) ? lines() : List.of();
      ValidationColumns present = lines.isEmpty() ? validation : columns(lines.getFirst());
      if (!present.names().isEmpty()
          && !validation.names().isEmpty()
          && !present.equals(validation)) {
        throw new InputException(
            "%s has validations at other noise levels than asked for; move the file away, and training goes on."
                .formatted(file));
      }
      this.columns = present.names().isEmpty() ? validation : present;
      String padding = ",".repeat(columns.names().size() - present.names().size());
      List<String> kept = new ArrayList<>(List.of(HEADER + columns.header()));
      upTo(step, lines).forEach(line -> kept.add(line + padding));
      AtomicFiles.writeString(file, String.join("\n", kept) + "\n");
      writer = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** A character a byte: foreign bytes become a line that does not match. */
  private List<String> lines() throws IOException {
    return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
  }

  private ValidationColumns columns(String header) {
    String more = header.startsWith(HEADER) ? header.substring(HEADER.length()) : "?";
    if (more.isEmpty()) {
      return ValidationColumns.NONE;
    }
    if (!more.startsWith("," + ValidationColumns.LOSS + ",")) {
      throw new InputException(
          "%s does not begin with the columns of a run's metrics (%s); move the file away, and training goes on."
              .formatted(file, HEADER));
    }
    return new ValidationColumns(List.of(more.substring(1).split(",", -1)));
  }

  /** The lines up to a step. What follows them may be half written. */
  private List<String> upTo(long step, List<String> lines) {
    List<String> kept = new ArrayList<>();
    int damaged = 0;
    for (int i = 1; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!LINE.matcher(line).matches() || cells(line) != cells(lines.getFirst())) {
        damaged = damaged == 0 ? i + 1 : damaged;
      } else if (Long.parseLong(line, 0, line.indexOf(','), 10) <= step) {
        if (damaged > 0) {
          throw new InputException(
              "Line %d of %s is damaged; mend it or move the file away, and training goes on."
                  .formatted(damaged, file));
        }
        kept.add(line);
      }
    }
    return kept;
  }

  private static long cells(String line) {
    return line.chars().filter(c -> c == ',').count();
  }

  public void add(StepMetrics m) {
    try {
      // Java prints the shortest decimal that reads back as the same double: exact and readable.
      writer.write(
          String.format(
              Locale.ROOT,
              "%d,%d,%s,%s,%s,%s,%.4f,%.2f%s%n",
              m.step(),
              m.images(),
              m.loss(),
              m.lossAverage(),
              m.gradientNorm(),
              m.learningRate(),
              m.seconds(),
              m.imagesPerSecond(),
              columns.cells(m.validation())));
      writer.flush();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Steps, losses and their averages so far, for the plot. */
  public List<double[]> losses() {
    return rows().stream().map(c -> numbers(c, 0, 2, 3)).toList();
  }

  /** Steps and validation losses so far. */
  public List<double[]> validations() {
    int column = HEADER.split(",").length;
    return rows().stream()
        .filter(c -> c.length > column && !c[column].isEmpty())
        .map(c -> numbers(c, 0, column))
        .toList();
  }

  private List<String[]> rows() {
    try (var lines = Files.lines(file)) {
      return lines.skip(1).map(line -> line.split(",")).toList();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private double[] numbers(String[] cells, int... columns) {
    double[] numbers = new double[columns.length];
    try {
      for (int i = 0; i < columns.length; i++) {
        numbers[i] = Double.parseDouble(cells[columns[i]]);
      }
    } catch (NumberFormatException e) {
      throw failure(e);
    }
    return numbers;
  }

  private InputException failure(Exception e) {
    return e instanceof IOException io
        ? WriteFailure.of("Cannot read or write " + file, file, io)
        : new InputException(
            "%s is damaged: %s; mend it or move it away.".formatted(file, e.getMessage()), e);
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw failure(e);
    }
  }
}
