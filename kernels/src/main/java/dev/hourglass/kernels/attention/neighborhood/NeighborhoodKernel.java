package dev.hourglass.kernels.attention.neighborhood;

import dev.hourglass.kernels.attention.AttentionKernel;
import dev.hourglass.kernels.parallel.Workers;

/**
 * Neighborhood attention (docs/model.md, 3.7; Hassani et al. 2023, arXiv 2204.07143): a query
 * attends to the kernel x kernel keys around it; at the border the window moves inward. q and k
 * come scaled and rotated, the softmax has scale 1. The backward pass computes the probabilities
 * anew, so nothing is kept.
 *
 * <p>A work item is a band of rows of one head. It goes through tiles of {@link Shape#ROWS} rows
 * and COUNT columns of queries, and does for each:
 *
 * <pre>
 *                                forward          backward
 *   {@link Logits}           S = q k^T        S = q k^T, dP = dO v^T
 *   {@link Softmax}          P = softmax S    P, dS
 *   {@link Gather}           out = P v        dq = dS k
 *   {@link Scatter}                           dk += dS^T q, dv += P^T dO
 * </pre>
 *
 * <p>Windows reach into the neighbouring bands. So of the backward pass even bands run first and
 * odd ones after them: no two bands of a phase share a key, and every sum has one order.
 */
public final class NeighborhoodKernel implements AttentionKernel {

  private final int planes;
  private final Shape shape;

  /**
   * Attention for one shape; tokens are {@code rows * columns}, row by row.
   *
   * @param d channels of a head, a multiple of 8
   * @param kernel rows and columns of a window, odd, at most those of the grid
   */
  public NeighborhoodKernel(int images, int heads, int rows, int columns, int d, int kernel) {
    shape = new Shape(images, heads, rows, columns, d, kernel);
    planes = images * heads;
  }

  @Override
  public long keptBytes() {
    return 0;
  }

  @Override
  public void forward(long q, long k, long v, long out, long kept) {
    int bands = shape.bands();
    Workers.shared()
        .run(
            planes * bands,
            (item, scratch) -> {
              int plane = item / bands;
              Head head = head(plane, q, k, v);
              new Forward(shape, scratch, head, tokenRows(plane, out)).band(item % bands);
            });
  }

  @Override
  public void backward(
      long q, long k, long v, long out, long kept, long outGradient, Gradients gradients) {
    backward(0, q, k, v, outGradient, gradients);
    backward(1, q, k, v, outGradient, gradients);
  }

  /** The bands {@code parity, parity + 2, ...} of all heads. */
  private void backward(int parity, long q, long k, long v, long outGradient, Gradients gradients) {
    int bands = (shape.bands() + 1 - parity) / 2;
    Workers.shared()
        .run(
            planes * bands,
            (item, scratch) -> {
              int plane = item / bands;
              Head head = head(plane, q, k, v);
              Head target = head(plane, gradients.q(), gradients.k(), gradients.v());
              new Backward(shape, scratch, head, tokenRows(plane, outGradient), target)
                  .band(parity + 2 * (item % bands));
            });
  }

  private Head head(int plane, long q, long k, long v) {
    long token = 4L * shape.d;
    long row = token * shape.columns.length();
    long offset = plane * row * shape.rows.length();
    return new Head(
        new Plane(q + offset, token, row),
        new Plane(k + offset, token, row),
        new Plane(v + offset, token, row));
  }

  private Plane tokenRows(int plane, long base) {
    long head = 4L * shape.d;
    long token = head * shape.heads;
    long row = token * shape.columns.length();
    long image = row * shape.rows.length();
    long offset = plane / shape.heads * image + plane % shape.heads * head;
    return new Plane(base + offset, token, row);
  }
}
