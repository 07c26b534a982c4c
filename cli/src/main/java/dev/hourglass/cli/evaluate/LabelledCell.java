package dev.hourglass.cli.evaluate;

import dev.hourglass.sampling.SampleSettings;
import dev.hourglass.sampling.sweep.Cell;
import dev.hourglass.sampling.sweep.Sweep;
import dev.hourglass.sampling.sweep.SweepAxis;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What one set of images is drawn with.
 *
 * @param swept what distinguishes it from others, as the user wrote it
 */
public record LabelledCell(Map<String, String> swept, Cell cell) {

  /** The only cell of no sweep. */
  public static List<LabelledCell> single(SampleSettings settings) {
    return List.of(new LabelledCell(Map.of(), new Cell(settings, OptionalDouble.empty())));
  }

  /** The cells of a sweep, row by row. */
  public static List<LabelledCell> of(Sweep sweep) {
    List<Cell> cells = sweep.cells();
    int columns = sweep.axes().getFirst().values().size();
    List<LabelledCell> labelled = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      Map<String, String> swept = new LinkedHashMap<>();
      if (sweep.axes().size() == 2) {
        put(swept, sweep.axes().getLast(), i / columns);
      }
      put(swept, sweep.axes().getFirst(), i % columns);
      labelled.add(new LabelledCell(swept, cells.get(i)));
    }
    return labelled;
  }

  private static void put(Map<String, String> swept, SweepAxis axis, int value) {
    swept.put(axis.setting().text(), axis.values().get(value));
  }
}
