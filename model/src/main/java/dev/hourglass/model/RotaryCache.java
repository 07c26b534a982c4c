package dev.hourglass.model;

import dev.hourglass.ops.RotaryTable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The rotary tables of a network's blocks, of the grid seen last: frequencies are not trained, so
 * they stay.
 */
final class RotaryCache {

  private record Entry(int rows, int columns, RotaryTable table) {}

  private final Map<String, Entry> byPlace = new ConcurrentHashMap<>();

  /** The tables for images of so many tokens at the outermost level. */
  OfGrid of(int rows, int columns) {
    return new OfGrid(rows, columns);
  }

  /** The tables for images of one size. */
  final class OfGrid {
    private final int rows;
    private final int columns;

    private OfGrid(int rows, int columns) {
      this.rows = rows;
      this.columns = columns;
    }

    /**
     * The table of a block.
     *
     * @param place the prefix of its parameters
     * @param rowsThere rows of tokens at its level
     */
    RotaryTable at(String place, int rowsThere, Tensor frequencies, boolean exactAngles) {
      Entry known = byPlace.get(place);
      if (known != null && known.rows == rows && known.columns == columns) {
        return known.table;
      }
      AxialPositions positions = AxialPositions.of(rows, columns);
      for (int r = rows; r > rowsThere; r /= 2) {
        positions = positions.merged();
      }
      RotaryTable table =
          RotaryTable.of(
                  frequencies,
                  positions.rows(frequencies),
                  positions.columns(frequencies),
                  exactAngles ? ScalarType.Double : ScalarType.Float)
              .owned();
      byPlace.put(place, new Entry(rows, columns, table));
      return table;
    }
  }
}
