package dev.hourglass.kernels.attention.neighborhood;

import dev.hourglass.kernels.memory.Scratch;

/** The forward pass of one head, a band at a time. */
final class Forward {

  private final Shape shape;
  private final Logits logits;
  private final Softmax softmax;
  private final Gather attended;

  Forward(Shape shape, Scratch scratch, Head head, Plane out) {
    this.shape = shape;
    logits = new Logits(shape, scratch, head.q(), head.k());
    softmax = new Softmax(shape, scratch);
    attended = new Gather(shape, head.v(), out);
  }

  void band(int band) {
    int end = shape.endRow(band);
    for (Strip strip : shape.strips) {
      int row = shape.firstRow(band);
      logits.start(strip, row);
      for (; row < end; row += Shape.ROWS) {
        int rows = Math.min(Shape.ROWS, end - row);
        logits.load(row, rows);
        for (Tile tile : strip.tiles) {
          logits.compute(tile, row, rows);
          softmax.normalize(row, rows, logits.values);
          attended.sum(tile, row, rows, logits.values);
        }
      }
    }
  }
}
