package dev.hourglass.kernels.attention;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.kernels.product.Sums;

/**
 * Means over equal blocks of the grid, {@code [planes, h, w, d]} to {@code [planes, rows, columns,
 * d]}: landmarks.
 *
 * @param rows blocks in a column of the grid, a divisor of h; likewise columns
 */
public record BlockMeansKernel(int planes, int h, int w, int d, int rows, int columns) {

  /** What a block does with the row of one of its tokens. */
  private interface Each {
    void token(long fine, long mean);
  }

  private float weight() {
    return (float) (rows * columns) / (h * w);
  }

  private void each(long fine, long mean, boolean clears, Each work) {
    int blockRows = h / rows;
    int blockColumns = w / columns;
    Workers.shared()
        .run(
            planes * rows,
            (item, scratch) -> {
              long means = mean + 4L * item * columns * d;
              if (clears) {
                Memory.zero(means, 4L * columns * d);
              }
              for (int y = 0; y < blockRows; y++) {
                long row = fine + 4L * ((long) item * blockRows + y) * w * d;
                for (int x = 0; x < w; x++) {
                  work.token(row + 4L * x * d, means + 4L * (x / blockColumns) * d);
                }
              }
            });
  }

  /** The means. */
  public void forward(long x, long y) {
    float weight = weight();
    each(x, y, true, (fine, mean) -> Sums.addScaled(mean, weight, fine, d));
  }

  /** Adds to the gradient of x. */
  public void addBackward(long yGradient, long xGradient) {
    float weight = weight();
    each(xGradient, yGradient, false, (fine, mean) -> Sums.addScaled(fine, weight, mean, d));
  }
}
