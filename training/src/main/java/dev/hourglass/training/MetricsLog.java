package dev.hourglass.training;

import dev.hourglass.InputException;
import dev.hourglass.files.AtomicFiles;
import dev.hourglass.files.WriteFailure;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A CSV file with a line a step. Opening it at a step forgets the lines that a killed run wrote
 * after that step.
 */
final class MetricsLog implements AutoCloseable {

  private static final String HEADER =
      "step,images,loss,loss_average,gradient_norm,learning_rate,seconds,images_per_second";

  private final Path file;
  private final BufferedWriter writer;

  MetricsLog(Path file, long step) {
    this.file = file;
    try {
      List<String> kept = new ArrayList<>(List.of(HEADER));
      if (Files.exists(file)) {
        Files.readAllLines(file).stream()
            .skip(1)
            .filter(line -> line.chars().filter(c -> c == ',').count() == 7)
            .filter(line -> Long.parseLong(line.substring(0, line.indexOf(','))) <= step)
            .forEach(kept::add);
      }
      AtomicFiles.writeString(file, String.join("\n", kept) + "\n");
      writer = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
    } catch (IOException | NumberFormatException e) {
      throw failure(e);
    }
  }

  void add(StepMetrics m) {
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
  List<double[]> losses() {
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
