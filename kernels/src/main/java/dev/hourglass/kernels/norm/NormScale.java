package dev.hourglass.kernels.norm;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;

/**
 * The scale of a block's norm: one row for all images, or one an image (AdaRMSNorm).
 *
 * @param address float32, {@code [1, width]} or {@code [images, width]}
 * @param perImage whether each image has its own row
 */
public record NormScale(long address, boolean perImage) {

  long row(int image, int width) {
    return perImage ? address + 4L * image * width : address;
  }

  /** Norm of a chunk's rows: x and y {@code [rows, width]}. */
  public void normalise(Chunk chunk, long x, long y, int width) {
    long segment = 4L * chunk.rowsEach() * width;
    for (int i = 0; i < chunk.imageCount(); i++) {
      long scale = row(chunk.firstImage() + i, width);
      RmsNorm.forward(x + i * segment, scale, y + i * segment, chunk.rowsEach(), width);
    }
  }

  /**
   * Gradients of the norm of a chunk, {@code xGradient = residual + ...}.
   *
   * @param partials {@code [images, parts, width]}: receives the chunk's share of the scale's
   *     gradient
   */
  public void backward(
      Chunk chunk,
      int parts,
      long x,
      long yGradient,
      long residual,
      long xGradient,
      long partials,
      int width) {
    long segment = 4L * chunk.rowsEach() * width;
    for (int i = 0; i < chunk.imageCount(); i++) {
      int image = chunk.firstImage() + i;
      long partial = partials + 4L * ((long) image * parts + chunk.part()) * width;
      Memory.zero(partial, 4L * width);
      RmsNorm.backward(
          x + i * segment,
          row(image, width),
          yGradient + i * segment,
          residual == 0 ? 0 : residual + i * segment,
          xGradient + i * segment,
          partial,
          chunk.rowsEach(),
          width);
    }
  }

  /** Sums partial gradients, in order, to {@code target}, of this scale's shape. */
  public void reduce(TokenChunks chunks, long partials, long target, int width) {
    int rows = perImage ? chunks.images() : 1;
    int each = perImage ? chunks.parts() : chunks.parts() * chunks.images();
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < width; i++) {
        double sum = 0;
        for (int p = 0; p < each; p++) {
          sum += Memory.getFloat(partials + 4L * (((long) row * each + p) * width + i));
        }
        Memory.setFloat(target + 4L * ((long) row * width + i), (float) sum);
      }
    }
  }
}
