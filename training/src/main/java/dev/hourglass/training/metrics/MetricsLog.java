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
 * after that step.
 */
public final class MetricsLog implements AutoCloseable {

  private static final String HEADER =
      "step,images,loss,loss_average,gradient_norm,learning_rate,seconds,images_per_second";

  /** Two whole numbers and six decimals, of which Java may write some as powers of ten. */
  private static final Pattern LINE =
      Pattern.compile("\\d{1,18},\\d{1,18}(,(-?[\\d.]+(E-?\\d+)?|NaN)){6}");

  private final Path file;
  private final BufferedWriter writer;

  /**
   * Opens the file, or makes it.
   *
   * @throws InputException if it is not a file that this class wrote, so that nothing of it is lost
   */
  public MetricsLog(Path file, long step) {
    this.file = file;
    try {
      List<String> kept = new ArrayList<>(List.of(HEADER));
      if (Files.exists(file)) {
        kept.addAll(upTo(step));
      }
      AtomicFiles.writeString(file, String.join("\n", kept) + "\n");
      writer = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** The lines up to a step. What follows them may be half written. */
  private List<String> upTo(long step) throws IOException {
    // A character a byte: foreign bytes become a line that does not match.
    List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    if (lines.isEmpty()) {
      return lines;
    }
    if (!lines.getFirst().equals(HEADER)) {
      throw new InputException(
          "%s does not begin with the columns of a run's metrics (%s); move the file away, and training goes on."
              .formatted(file, HEADER));
    }
    List<String> kept = new ArrayList<>();
    int damaged = 0;
    for (int i = 1; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!LINE.matcher(line).matches()) {
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

  public void add(StepMetrics m) {
    try {
      // Java prints the shortest decimal that reads back as the same double: exact and readable.
      writer.write(
          String.format(
              Locale.ROOT,
              "%d,%d,%s,%s,%s,%s,%.4f,%.2f%n",
              m.step(),
              m.images(),
              m.loss(),
              m.lossAverage(),
              m.gradientNorm(),
              m.learningRate(),
              m.seconds(),
              m.imagesPerSecond()));
      writer.flush();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Steps and losses so far, for the plot. */
  public List<double[]> losses() {
    try (var lines = Files.lines(file)) {
      return lines
          .skip(1)
          .map(line -> line.split(","))
          .map(
              c ->
                  new double[] {
                    Double.parseDouble(c[0]), Double.parseDouble(c[2]), Double.parseDouble(c[3])
                  })
          .toList();
    } catch (IOException | NumberFormatException e) {
      throw failure(e);
    }
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
