package dev.hourglass.sampling.sweep;

import dev.hourglass.core.InputException;
import dev.hourglass.sampling.SampleSettings;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Settings in rows and columns.
 *
 * @param base what all cells share
 * @param axes one, for a single row, or two: first the columns, then the rows
 */
public record Sweep(SampleSettings base, List<SweepAxis> axes) {

  public Sweep {
    axes = List.copyOf(axes);
    if (axes.isEmpty() || axes.size() > 2) {
      throw new InputException(
          "A picture has columns and rows, so one or two settings can be swept, not %d."
              .formatted(axes.size()));
    }
    if (axes.size() == 2 && axes.getFirst().setting() == axes.getLast().setting()) {
      throw new InputException(
          "%s is swept twice; give all its values at once."
              .formatted(axes.getFirst().setting().text()));
    }
  }

  /** Above the columns. */
  public List<String> columnLabels() {
    return axes.getFirst().labels();
  }

  /** Beside the rows; none if there is but one. */
  public List<String> rowLabels() {
    return axes.size() == 2 ? axes.getLast().labels() : List.of();
  }

  /**
   * The cells, row by row.
   *
   * @throws InputException if a value does not go with the others
   */
  public List<Cell> cells() {
    List<Cell> rows = List.of(new Cell(base, OptionalDouble.empty()));
    for (SweepAxis axis : axes.reversed()) {
      rows = rows.stream().flatMap(cell -> axis.along(cell)).toList();
    }
    return rows.stream().map(Cell::checked).toList();
  }
}
