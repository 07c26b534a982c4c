package dev.hourglass.kernels.norm;

import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.product.Sums;

/** Root mean square norm with a scale, and then a shift for each image. */
public record ShiftedNorm(NormScale scale, ImageRows shift) implements TokenNorm {

  @Override
  public void normalise(Chunk chunk, long x, long y, int width) {
    scale.normalise(chunk, x, y, width);
    for (int i = 0; i < chunk.imageCount(); i++) {
      long row = shift.row(chunk.firstImage() + i);
      for (int t = 0; t < chunk.rowsEach(); t++) {
        Sums.add(y + 4L * (i * chunk.rowsEach() + t) * width, row, width);
      }
    }
  }

  @Override
  public void backward(
      Chunk chunk,
      long x,
      long yGradient,
      long residual,
      long xGradient,
      Partials sums,
      int width) {
    sums.sums().set(sums.shift(), chunk, yGradient);
    scale.backward(chunk, x, yGradient, residual, xGradient, sums, width);
  }

  @Override
  public void reduce(Partials sums, Gradients gradients) {
    scale.reduce(sums, gradients);
    sums.sums().reduce(sums.shift(), true, gradients.shift());
  }
}
