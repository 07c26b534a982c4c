package dev.hourglass.kernels.attention.neighborhood;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Scratch;

/** The backward pass of one head, a band at a time. */
final class Backward {

  private final Shape shape;
  private final Head gradients;

  /** {@code S = q k^T}, then P. */
  private final Logits logits;

  /** {@code dP = dO v^T}, then dS. */
  private final Logits logitGradients;

  private final Softmax softmax;
  private final Gather qGradient;
  private final Scatter kGradient;
  private final Scatter vGradient;

  Backward(Shape shape, Scratch scratch, Head head, Plane outGradient, Head gradients) {
    this.shape = shape;
    this.gradients = gradients;
    logits = new Logits(shape, scratch, head.q(), head.k());
    logitGradients = new Logits(shape, scratch, outGradient, head.v());
    softmax = new Softmax(shape, scratch);
    qGradient = new Gather(shape, head.k(), gradients.q());
    kGradient = new Scatter(shape, head.q(), gradients.k());
    vGradient = new Scatter(shape, outGradient, gradients.v());
  }

  void band(int band) {
    int end = shape.endRow(band);
    for (Strip strip : shape.strips) {
      int row = shape.firstRow(band);
      int cleared = shape.firstFreshKey(band);
      int endFresh = shape.endFreshKey(band);
      logits.start(strip, row);
      logitGradients.start(strip, row);
      for (; row < end; row += Shape.ROWS) {
        int rows = Math.min(Shape.ROWS, end - row);
        int endKey = Math.min(endFresh, shape.rows.end(row + rows - 1));
        for (; cleared < endKey; cleared++) {
          clear(strip, cleared);
        }
        logits.load(row, rows);
        logitGradients.load(row, rows);
        for (Tile tile : strip.tiles) {
          logits.compute(tile, row, rows);
          logitGradients.compute(tile, row, rows);
          softmax.normalize(row, rows, logits.values);
          softmax.gradient(row, rows, logits.values, logitGradients.values);
          qGradient.sum(tile, row, rows, logitGradients.values);
          kGradient.add(tile, row, rows, logitGradients.values);
          vGradient.add(tile, row, rows, logits.values);
        }
      }
    }
  }

  /** Zeros the gradients of keys that neither another band nor the strip before has added to. */
  private void clear(Strip strip, int row) {
    long bytes = (strip.endKey - strip.freshKey) * gradients.k().token();
    Memory.zero(gradients.k().at(row, strip.freshKey), bytes);
    Memory.zero(gradients.v().at(row, strip.freshKey), bytes);
  }
}
