package dev.hourglass.kernels;

/** The backward pass of one head, a band at a time. */
final class NeighborhoodBackward {

  private final NeighborhoodShape shape;
  private final NeighborhoodHead gradients;

  /** {@code S = q k^T}, then P. */
  private final NeighborhoodLogits logits;

  /** {@code dP = dO v^T}, then dS. */
  private final NeighborhoodLogits logitGradients;

  private final NeighborhoodSoftmax softmax;
  private final NeighborhoodGather qGradient;
  private final NeighborhoodScatter kGradient;
  private final NeighborhoodScatter vGradient;

  NeighborhoodBackward(
      NeighborhoodShape shape,
      Scratch scratch,
      NeighborhoodHead head,
      NeighborhoodPlane outGradient,
      NeighborhoodHead gradients) {
    this.shape = shape;
    this.gradients = gradients;
    logits = new NeighborhoodLogits(shape, scratch, head.q(), head.k());
    logitGradients = new NeighborhoodLogits(shape, scratch, outGradient, head.v());
    softmax = new NeighborhoodSoftmax(shape, scratch);
    qGradient = new NeighborhoodGather(shape, head.k(), gradients.q());
    kGradient = new NeighborhoodScatter(shape, head.q(), gradients.k());
    vGradient = new NeighborhoodScatter(shape, outGradient, gradients.v());
  }

  void band(int band) {
    int end = shape.endRow(band);
    for (NeighborhoodStrip strip : shape.strips) {
      int row = shape.firstRow(band);
      int cleared = shape.firstFreshKey(band);
      int endFresh = shape.endFreshKey(band);
      logits.start(strip, row);
      logitGradients.start(strip, row);
      for (; row < end; row += NeighborhoodShape.ROWS) {
        int rows = Math.min(NeighborhoodShape.ROWS, end - row);
        int endKey = Math.min(endFresh, shape.rows.end(row + rows - 1));
        for (; cleared < endKey; cleared++) {
          clear(strip, cleared);
        }
        logits.load(row, rows);
        logitGradients.load(row, rows);
        for (NeighborhoodTile tile : strip.tiles) {
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
  private void clear(NeighborhoodStrip strip, int row) {
    long bytes = (strip.endKey - strip.freshKey) * gradients.k().token();
    Memory.zero(gradients.k().at(row, strip.freshKey), bytes);
    Memory.zero(gradients.v().at(row, strip.freshKey), bytes);
  }
}
