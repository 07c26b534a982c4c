package dev.hourglass.model;

import dev.hourglass.ops.RotaryTable;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The position tables of a network, of the grid seen last: they are made of what is not trained, so
 * they stay.
 */
final class PositionCache {

  private record Entry(int rows, int columns, RotaryTable table) {}

  private record Added(int rows, int columns, Tensor table) {}

  private final Map<String, Entry> byPlace = new ConcurrentHashMap<>();
  private final AtomicReference<Added> added = new AtomicReference<>();

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

    /**
     * The sine-cosine table of this grid, {@code [1, rows, columns, c]}.
     *
     * @param like that of another grid
     */
    Tensor sineCosine(Tensor like) {
      Added known = added.get();
      if (known != null && known.rows == rows && known.columns == columns) {
        return known.table;
      }
      int channels = (int) like.size(3);
      Tensor table =
          Scope.own(
              new Tensor(
                  Tensors.ofFloats(
                          SineCosineTable.of(rows, columns, channels), 1, rows, columns, channels)
                      .to(like)));
      added.set(new Added(rows, columns, table));
      return table;
    }
  }
}
