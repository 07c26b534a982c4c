package dev.hourglass.ops;

import dev.hourglass.tensor.Tensors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Attention inside non-overlapping windows of a rolled grid. */
final class WindowAttention {

  /** q, k, v and the result are {@code [n, h, w, heads, d]}. */
  Tensor attend(Tensor q, Tensor k, Tensor v, int size, int shift) {
    long n = q.size(0);
    long rows = q.size(1) / size;
    long columns = q.size(2) / size;
    long heads = q.size(3);
    long d = v.size(4);
    Tensor mask =
        shift == 0
            ? null
            : mask((int) rows, (int) columns, size, shift).to(q.device(), wideType(q));
    Tensor attended =
        Softmax.attendMasked(
            windows(q, size, shift), windows(k, size, shift), windows(v, size, shift), mask);
    Tensor grid =
        attended // [n, rows, columns, heads, size * size, d]
            .reshape(n, rows, columns, heads, size, size, d)
            .permute(0, 1, 4, 2, 5, 3, 6)
            .reshape(n, rows * size, columns * size, heads, d);
    return shift == 0 ? grid : torch.roll(grid, new long[] {-shift, -shift}, 1, 2);
  }

  /** {@code [n, h, w, heads, d] -> [n, rows, columns, heads, size * size, d]}. */
  private static Tensor windows(Tensor x, int size, int shift) {
    Tensor rolled = shift == 0 ? x : torch.roll(x, new long[] {shift, shift}, 1, 2);
    long n = x.size(0);
    long rows = x.size(1) / size;
    long columns = x.size(2) / size;
    return rolled
        .reshape(n, rows, size, columns, size, x.size(3), x.size(4))
        .permute(0, 1, 3, 5, 2, 4, 6)
        .reshape(n, rows, columns, x.size(3), (long) size * size, x.size(4));
  }

  /**
   * Minus infinity between tokens of one window that the roll brought together from opposite sides
   * of the image; those are windows in the first row or column. {@code [rows, columns, 1, size^2,
   * size^2]}
   */
  private static Tensor mask(int rows, int columns, int size, int shift) {
    int tokens = size * size;
    float[] mask = new float[rows * columns * tokens * tokens];
    IntStream.range(0, rows * columns)
        .forEach(
            window -> {
              boolean top = window / columns == 0;
              boolean left = window % columns == 0;
              for (int q = 0; q < tokens; q++) {
                for (int k = 0; k < tokens; k++) {
                  boolean acrossRows = top && (q / size < shift) != (k / size < shift);
                  boolean acrossColumns = left && (q % size < shift) != (k % size < shift);
                  if (acrossRows || acrossColumns) {
                    mask[(window * tokens + q) * tokens + k] = Float.NEGATIVE_INFINITY;
                  }
                }
              }
            });
    return Tensors.ofFloats(mask, rows, columns, 1, tokens, tokens);
  }

  private static org.bytedeco.pytorch.global.torch.ScalarType wideType(Tensor x) {
    var type = x.scalar_type().intern();
    return type == torch.ScalarType.Double ? type : torch.ScalarType.Float;
  }
}
