package dev.hourglass.training.metrics;

import dev.hourglass.training.metrics.ChartFile.Axis;
import dev.hourglass.training.metrics.ChartFile.Line;
import dev.hourglass.training.metrics.ChartFile.Pen;
import dev.hourglass.training.metrics.ChartFile.Scale;
import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The loss curve as a PNG. */
public final class LossPlot {

  private static final int MOST_POINTS = 2000;

  private LossPlot() {}

  /**
   * Draws and writes the plot.
   *
   * @param losses step, loss, average, a line a step
   * @param validations step and validation loss, where one was measured
   * @return false where the machine has no fonts to label the axes with
   */
  public static boolean write(
      Path file, String title, List<double[]> losses, List<double[]> validations) {
    List<Double> steps = column(losses, 0);
    List<Line> lines =
        new ArrayList<>(
            List.of(
                new Line("each step", steps, column(losses, 1), Pen.plain(new Color(0xB0C4DE), 1)),
                new Line(
                    "moving average",
                    steps,
                    column(losses, 2),
                    Pen.plain(new Color(0x1F4E8C), 2))));
    if (!validations.isEmpty()) {
      lines.add(
          new Line(
              "validation, averaged weights",
              column(validations, 0),
              column(validations, 1),
              new Pen(new Color(0xC0392B), 2, false, true)));
    }
    return new ChartFile(
            title,
            new Axis("step", Scale.LINEAR),
            new Axis("loss", Scale.TENS),
            ChartFile.Legend.UPPER_RIGHT,
            lines)
        .write(file);
  }

  /** Of so many lines, evenly spaced, as a chart can show. */
  private static List<Double> column(List<double[]> losses, int column) {
    int stride = Math.max(1, losses.size() / MOST_POINTS);
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < losses.size(); i += stride) {
      values.add(losses.get(i)[column]);
    }
    return values;
  }
}
