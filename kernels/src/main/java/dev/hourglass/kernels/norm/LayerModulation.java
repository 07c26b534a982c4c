package dev.hourglass.kernels.norm;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.product.SegmentSums;

/** Layer norm whose scale, less 1, and shift come from the conditioning (AdaLN). */
public record LayerModulation(ImageRows scale, ImageRows shift) implements TokenNorm {

  @Override
  public void normalise(Chunk chunk, long x, long y, int width) {
    long segment = 4L * chunk.rowsEach() * width;
    for (int i = 0; i < chunk.imageCount(); i++) {
      int image = chunk.firstImage() + i;
      LayerNorm.forward(
          x + i * segment,
          scale.row(image),
          shift.row(image),
          y + i * segment,
          chunk.rowsEach(),
          width);
    }
  }

  @Override
  public void backward(
      Chunk chunk,
      long x,
      long yGradient,
      long residual,
      long xGradient,
      Partials partials,
      int width) {
    long segment = 4L * chunk.rowsEach() * width;
    SegmentSums sums = partials.sums();
    sums.set(partials.shift(), chunk, yGradient);
    for (int i = 0; i < chunk.imageCount(); i++) {
      long partial = sums.place(partials.scale(), chunk, i);
      Memory.zero(partial, 4L * width);
      LayerNorm.backward(
          x + i * segment,
          scale.row(chunk.firstImage() + i),
          yGradient + i * segment,
          residual == 0 ? 0 : residual + i * segment,
          xGradient + i * segment,
          partial,
          chunk.rowsEach(),
          width);
    }
  }

  @Override
  public void reduce(Partials partials, Gradients gradients) {
    partials.sums().reduce(partials.scale(), true, gradients.scale());
    partials.sums().reduce(partials.shift(), true, gradients.shift());
  }
}
