package dev.hourglass.kernels.attention.dense;

import dev.hourglass.kernels.attention.AttentionKernel;
import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.Workers;

/**
 * Shifted-window attention (docs/model.md, 3.8; Liu et al. 2021, arXiv 2103.14030): softmax inside
 * the windows of a grid rolled by {@code +shift}, where tokens that the roll brought together from
 * opposite sides do not see each other; the result is rolled back. q and k come scaled and rotated,
 * the softmax has scale 1.
 */
public final class WindowKernel implements AttentionKernel {

  /** Windows of an item, which share its set-up. */
  private static final int MOST_WINDOWS = 8;

  /** Items that keep this many workers busy, where there are windows enough. */
  private static final int WANTED_ITEMS = 32;

  /** Of all heads of all images. */
  private final int windows;

  private final int windowsEach;
  private final int heads;
  private final int d;
  private final WindowGrid grid;
  private final DenseForward forward;
  private final DenseBackward backward;

  /**
   * Attention for one shape; tokens are {@code rows * columns}, row by row.
   *
   * @param d channels of a head, a multiple of 8
   * @param size rows and columns of a window; divides those of the grid
   * @param shift 0 or more
   * @param bfloat16 whether products take bfloat16 operands; all else stays float32
   */
  public WindowKernel(
      int images, int heads, int rows, int columns, int d, int size, int shift, boolean bfloat16) {
    if (images < 1 || heads < 1 || rows < 1 || columns < 1 || d < 1 || d % 8 != 0) {
      throw new IllegalArgumentException(
          ("window attention needs sizes from 1 and d a multiple of 8, got %d images, "
                  + "%d heads, %d x %d tokens, d %d")
              .formatted(images, heads, rows, columns, d));
    }
    if (size < 1 || shift < 0 || rows % size != 0 || columns % size != 0) {
      throw new IllegalArgumentException(
          "windows of size %d, shifted by %d, do not divide a grid of %d x %d"
              .formatted(size, shift, rows, columns));
    }
    this.heads = heads;
    this.d = d;
    grid = new WindowGrid(rows, columns, d, size, shift);
    windows = images * heads * grid.windows();
    windowsEach = Math.clamp(windows / WANTED_ITEMS, 1, MOST_WINDOWS);
    forward = new DenseForward(grid.tokens(), d, d, bfloat16);
    backward = new DenseBackward(grid.tokens(), d, d, bfloat16);
  }

  /** For logSumExp, {@code [images, heads, windows, size^2]}. */
  @Override
  public long keptBytes() {
    return 4L * windows * grid.tokens();
  }

  @Override
  public void forward(long q, long k, long v, long out, long kept) {
    run(
        (scratch, first, end) -> {
          var buffers = forward.buffers(scratch, grid.tokens());
          var room = new Room(tokens(scratch), tokens(scratch), tokens(scratch));
          long labels = labels(scratch);
          long outTokens = tokens(scratch);
          for (int window = first; window < end; window++) {
            DenseHead head = gathered(room, window, q, k, v, outTokens, kept);
            forward.attend(
                buffers, grid.tokens(), head, grid.labels(window % grid.windows(), labels));
            grid.scatter(window % grid.windows(), outTokens, out + rows(window), heads * d);
          }
        });
  }

  @Override
  public void backward(
      long q, long k, long v, long out, long kept, long outGradient, Gradients gradients) {
    run(
        (scratch, first, end) -> {
          var buffers = backward.buffers(scratch, grid.tokens());
          var room = new Room(tokens(scratch), tokens(scratch), tokens(scratch));
          var own = new Gradients(tokens(scratch), tokens(scratch), tokens(scratch));
          long labels = labels(scratch);
          long outTokens = tokens(scratch);
          long outGradientTokens = tokens(scratch);
          for (int window = first; window < end; window++) {
            int place = window % grid.windows();
            grid.gather(place, out + rows(window), heads * d, outTokens);
            grid.gather(place, outGradient + rows(window), heads * d, outGradientTokens);
            DenseHead head = gathered(room, window, q, k, v, outTokens, kept);
            backward.attend(
                buffers, grid.tokens(), head, outGradientTokens, own, grid.labels(place, labels));
            long plane = plane(window);
            grid.scatter(place, own.q(), gradients.q() + plane, d);
            grid.scatter(place, own.k(), gradients.k() + plane, d);
            grid.scatter(place, own.v(), gradients.v() + plane, d);
          }
        });
  }

  /** Does windows {@code first .. end - 1}. */
  @FunctionalInterface
  private interface Part {
    void run(Scratch scratch, int first, int end);
  }

  private void run(Part part) {
    Workers.shared()
        .run(
            (windows + windowsEach - 1) / windowsEach,
            (item, scratch) -> {
              int first = item * windowsEach;
              part.run(scratch, first, Math.min(windows, first + windowsEach));
            });
  }

  /** Where a window's tokens of q, k and v are gathered. */
  private record Room(long q, long k, long v) {}

  private long tokens(Scratch scratch) {
    return scratch.floats((long) grid.tokens() * d);
  }

  private long labels(Scratch scratch) {
    return scratch.floats(Lanes.roundUp(grid.tokens()));
  }

  private DenseHead gathered(Room room, int window, long q, long k, long v, long out, long kept) {
    int place = window % grid.windows();
    long plane = plane(window);
    return new DenseHead(
        grid.gather(place, q + plane, d, room.q),
        grid.gather(place, k + plane, d, room.k),
        grid.gather(place, v + plane, d, room.v),
        out,
        kept == 0 ? 0 : kept + 4L * window * grid.tokens());
  }

  /** Bytes to the grid of a window's head in {@code [images, heads, rows, columns, d]}. */
  private long plane(int window) {
    long plane = window / grid.windows();
    return 4 * plane * grid.rows() * grid.columns() * d;
  }

  /** Bytes to it in {@code [images, rows, columns, heads, d]}. */
  private long rows(int window) {
    long plane = window / grid.windows();
    return 4 * (plane / heads * grid.rows() * grid.columns() * heads + plane % heads) * d;
  }
}
