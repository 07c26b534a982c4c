package dev.hourglass.kernels.norm;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;

/**
 * Root mean square norm with a scale: one row for all images, or one an image (AdaRMSNorm).
 *
 * @param address float32, {@code [1, width]} or {@code [images, width]}
 * @param perImage whether each image has its own row
 */
public record NormScale(long address, boolean perImage) implements TokenNorm {

  private long row(int image, int width) {
    return perImage ? address + 4L * image * width : address;
  }

  @Override
  public void normalise(Chunk chunk, long x, long y, int width) {
    long segment = 4L * chunk.rowsEach() * width;
    for (int i = 0; i < chunk.imageCount(); i++) {
      long scale = row(chunk.firstImage() + i, width);
      RmsNorm.forward(x + i * segment, scale, y + i * segment, chunk.rowsEach(), width);
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
    long segment = 4L * chunk.rowsEach() * width;
    for (int i = 0; i < chunk.imageCount(); i++) {
      long partial = sums.sums().place(sums.scale(), chunk, i);
      Memory.zero(partial, 4L * width);
      RmsNorm.backward(
          x + i * segment,
          row(chunk.firstImage() + i, width),
          yGradient + i * segment,
          residual == 0 ? 0 : residual + i * segment,
          xGradient + i * segment,
          partial,
          chunk.rowsEach(),
          width);
    }
  }

  @Override
  public void reduce(Partials sums, Gradients gradients) {
    sums.sums().reduce(sums.scale(), perImage, gradients.scale());
  }
}
