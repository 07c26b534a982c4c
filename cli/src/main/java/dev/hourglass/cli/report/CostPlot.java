package dev.hourglass.cli.report;

import dev.hourglass.cli.report.CostComparison.Compared;
import dev.hourglass.cli.report.CostComparison.Outcome;
import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.training.metrics.ChartFile;
import dev.hourglass.training.metrics.ChartFile.Axis;
import dev.hourglass.training.metrics.ChartFile.Line;
import dev.hourglass.training.metrics.ChartFile.Pen;
import dev.hourglass.training.metrics.ChartFile.Scale;
import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** MACs against resolution, both in logarithms: the paper's figure 2. */
public final class CostPlot {

  private static final List<Color> COLORS =
      List.of(
          new Color(0x1F4E8C),
          new Color(0xC8501E),
          new Color(0x2E7D32),
          new Color(0x7B3FA0),
          new Color(0x00838F),
          new Color(0xAD1457));

  private static final Pen FLAT_PEN = new Pen(new Color(0x707070), 2, true, true);

  private CostPlot() {}

  /**
   * Draws and writes it.
   *
   * @param flat a flat transformer, whose curve is drawn at the same sizes
   * @throws InputException if no model works at any of the sizes, or there are no fonts
   */
  public static void write(Path file, CostComparison comparison, Compared flat) {
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < comparison.models().size(); i++) {
      Pen pen = new Pen(COLORS.get(i % COLORS.size()), 2.5f, false, true);
      line(comparison, comparison.models().get(i), pen).ifPresent(lines::add);
    }
    if (lines.isEmpty()) {
      throw new InputException(
          "There is nothing to draw: no model works at any size of --sizes; give sizes that fit.");
    }
    boolean known = comparison.models().stream().anyMatch(c -> c.model().equals(flat.model()));
    if (!known) {
      CostComparison fixed =
          new CostComparison(List.of(flat), comparison.sizes(), comparison.batchSize(), false);
      line(fixed, flat, FLAT_PEN).ifPresent(lines::add);
    }
    ChartFile chart =
        new ChartFile(
            "Cost of a forward pass",
            new Axis("resolution, pixels a side", Scale.TWOS),
            new Axis("GMACs", Scale.TENS),
            ChartFile.Legend.UPPER_LEFT,
            lines);
    if (!chart.write(file)) {
      throw new InputException(
          "Java finds no fonts to label %s with; install some, such as DejaVu with fontconfig."
              .formatted(file));
    }
  }

  /** Of the sizes at which the model works; empty if there is none. */
  private static Optional<Line> line(CostComparison comparison, Compared model, Pen pen) {
    List<Double> sides = new ArrayList<>();
    List<Double> macs = new ArrayList<>();
    comparison.sizes().stream()
        .sorted(Comparator.comparingLong(Size::area))
        .forEach(
            size -> {
              if (comparison.outcome(model, size) instanceof Outcome.Fits(var cost)) {
                sides.add(Math.sqrt((double) size.area()));
                macs.add(cost.macs() / 1e9 * comparison.batchSize());
              }
            });
    return sides.isEmpty()
        ? Optional.empty()
        : Optional.of(new Line(model.name(), sides, macs, pen));
  }
}
