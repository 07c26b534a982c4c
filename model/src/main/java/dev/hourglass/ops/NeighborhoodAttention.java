package dev.hourglass.ops;

import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Neighborhood attention as dense attention of tiles of queries to their halos of keys.
 *
 * <p>The windows of a tile of T queries in a row cover about {@code T + K - 1} keys; so each tile
 * of T x T queries needs a halo of {@code (T + K - 1)^2} keys, a few times what its windows hold,
 * instead of {@code T^2} windows of {@code K^2}. A mask keeps the window of each query. Cost and
 * memory are linear in the grid.
 */
final class NeighborhoodAttention {

  /** Larger tiles share more keys but compute more of the halo in vain; not tuned. */
  private static final int LARGEST_TILE = 8;

  private static final int CACHED_MASKS = 8;

  /**
   * The tiling of one side of the grid: tile t has the queries {@code t * tile + [0, tile)} and
   * sees the keys {@code t * tile - before + [0, halo)}. Both reach beyond the grid at its ends,
   * where the tensors are padded.
   */
  record Axis(int length, int kernel, int tile, int before, int halo) {

    static Axis of(int length, int kernel) {
      int tiles = Math.ceilDiv(length, LARGEST_TILE);
      int tile = Math.ceilDiv(length, tiles); // as even as possible
      int before = 0;
      int after = 0;
      // At the border windows shift inwards, so a tile there reaches further back than half a
      // kernel.
      for (int query = 0; query < length; query++) {
        int tileStart = query - query % tile;
        before = Math.max(before, tileStart - windowStart(query, length, kernel));
        after = Math.max(after, windowStart(query, length, kernel) + kernel - tileStart);
      }
      return new Axis(length, kernel, tile, before, before + after);
    }

    int tiles() {
      return Math.ceilDiv(length, tile);
    }

    /** Zeros that follow the last query, to fill its tile. */
    int queryPadding() {
      return tiles() * tile - length;
    }

    /**
     * Zeros that follow the last key, to fill the last halo; negative if the last keys are in no
     * halo.
     */
    int keyPadding() {
      return (tiles() - 1) * tile + halo - before - length;
    }

    /** Where a query's window starts: centred, and shifted inwards at the border. */
    private static int windowStart(int query, int length, int kernel) {
      return Math.clamp(query - kernel / 2, 0, length - kernel);
    }

    /**
     * 0 where key j of the tile's halo is in the window of its query i, else minus infinity: {@code
     * [tiles, tile, halo]}.
     */
    float[] mask() {
      float[] mask = new float[tiles() * tile * halo];
      for (int i = 0; i < tiles() * tile; i++) {
        // A query beyond the grid is thrown away; it gets a window so that its softmax is finite.
        int start = windowStart(Math.min(i, length - 1), length, kernel);
        for (int j = 0; j < halo; j++) {
          int key = i - i % tile - before + j;
          mask[i * halo + j] = key >= start && key < start + kernel ? 0 : Float.NEGATIVE_INFINITY;
        }
      }
      return mask;
    }
  }

  private record MaskKey(Axis y, Axis x, String device, ScalarType type) {}

  private final Map<MaskKey, Tensor> masks =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<MaskKey, Tensor> eldest) {
          boolean full = size() > CACHED_MASKS;
          if (full) {
            eldest.getValue().close();
          }
          return full;
        }
      };

  /** q, k, v and the result are {@code [n, h, w, heads, d]}. */
  Tensor attend(Tensor q, Tensor k, Tensor v, int kernel) {
    Axis y = Axis.of((int) q.size(1), kernel);
    Axis x = Axis.of((int) q.size(2), kernel);
    long n = q.size(0);
    long heads = q.size(3);
    long d = v.size(4);
    return Softmax.attendMasked(tiles(q, y, x), halos(k, y, x), halos(v, y, x), mask(q, y, x))
        // [n, tiles y, tiles x, heads, tile * tile, d]
        .reshape(n, y.tiles(), x.tiles(), heads, y.tile, x.tile, d)
        .permute(0, 1, 4, 2, 5, 3, 6)
        .reshape(n, (long) y.tiles() * y.tile, (long) x.tiles() * x.tile, heads, d)
        .narrow(1, 0, y.length)
        .narrow(2, 0, x.length);
  }

  /** {@code [n, h, w, heads, d] -> [n, tiles y, tiles x, heads, tile * tile, d]}. */
  private static Tensor tiles(Tensor q, Axis y, Axis x) {
    long n = q.size(0);
    long heads = q.size(3);
    long d = q.size(4);
    return pad(q, 0, y.queryPadding(), 0, x.queryPadding())
        .reshape(n, y.tiles(), y.tile, x.tiles(), x.tile, heads, d)
        .permute(0, 1, 3, 5, 2, 4, 6)
        .reshape(n, y.tiles(), x.tiles(), heads, (long) y.tile * x.tile, d);
  }

  /** {@code [n, h, w, heads, d] -> [n, tiles y, tiles x, heads, halo * halo, d]}. */
  private static Tensor halos(Tensor k, Axis y, Axis x) {
    long n = k.size(0);
    long heads = k.size(3);
    long d = k.size(4);
    return pad(k, y.before, y.keyPadding(), x.before, x.keyPadding())
        .unfold(1, y.halo, y.tile)
        .unfold(2, x.halo, x.tile) // [n, tiles y, tiles x, heads, d, halo, halo]
        .permute(0, 1, 2, 3, 5, 6, 4)
        .reshape(n, y.tiles(), x.tiles(), heads, (long) y.halo * x.halo, d);
  }

  private static Tensor pad(Tensor x, long top, long bottom, long left, long right) {
    return top == 0 && bottom == 0 && left == 0 && right == 0
        ? x
        : torch.constant_pad_nd(x, 0, 0, 0, 0, left, right, top, bottom);
  }

  /**
   * {@code [tiles y, tiles x, 1, tile * tile, halo * halo]}; depends on the size of the grid only.
   */
  private synchronized Tensor mask(Tensor q, Axis y, Axis x) {
    ScalarType wide =
        q.scalar_type().intern() == ScalarType.Double ? ScalarType.Double : ScalarType.Float;
    MaskKey key = new MaskKey(y, x, q.device().str().getString(), wide);
    return masks.computeIfAbsent(
        key,
        missing -> {
          Tensor rows = Tensors.ofFloats(y.mask(), y.tiles(), 1, 1, y.tile, 1, y.halo, 1);
          Tensor columns = Tensors.ofFloats(x.mask(), 1, x.tiles(), 1, 1, x.tile, 1, x.halo);
          return Scope.own(
              new Tensor(
                  rows.add(columns)
                      .reshape(
                          y.tiles(), x.tiles(), 1, (long) y.tile * x.tile, (long) y.halo * x.halo)
                      .to(q.device(), wide)));
        });
  }
}
