package dev.hourglass.kernels;

/** The forward pass of one head, a band at a time. */
final class NeighborhoodForward {

  private final NeighborhoodShape shape;
  private final NeighborhoodLogits logits;
  private final NeighborhoodSoftmax softmax;
  private final NeighborhoodGather attended;

  NeighborhoodForward(
      NeighborhoodShape shape, Scratch scratch, NeighborhoodHead head, NeighborhoodPlane out) {
    this.shape = shape;
    logits = new NeighborhoodLogits(shape, scratch, head.q(), head.k());
    softmax = new NeighborhoodSoftmax(shape, scratch);
    attended = new NeighborhoodGather(shape, head.v(), out);
  }

  void band(int band) {
    int end = shape.endRow(band);
    for (NeighborhoodStrip strip : shape.strips) {
      int row = shape.firstRow(band);
      logits.start(strip, row);
      for (; row < end; row += NeighborhoodShape.ROWS) {
        int rows = Math.min(NeighborhoodShape.ROWS, end - row);
        logits.load(row, rows);
        for (NeighborhoodTile tile : strip.tiles) {
          logits.compute(tile, row, rows);
          softmax.normalize(row, rows, logits.values);
          attended.sum(tile, row, rows, logits.values);
        }
      }
    }
  }
}
