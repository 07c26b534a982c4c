package dev.hourglass.diffusion.constraint;

import dev.hourglass.core.InputException;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/** The mean of each square block of pixels is known, a colour at a time: super-resolution. */
public final class BlockMeans extends WeightedMean {

  private static final long[] WITHIN = {3, 5};

  private final int side;

  /**
   * @param side of a block in pixels; height and width of the images are multiples of it
   */
  public BlockMeans(int side) {
    if (side < 1) {
      throw new InputException("A block has a side of at least 1 pixel, not %d.".formatted(side));
    }
    this.side = side;
  }

  @Override
  Tensor means(Tensor images) {
    long n = images.size(0);
    long c = images.size(1);
    long rows = images.size(2) / side;
    long columns = images.size(3) / side;
    return images
        .reshape(n, c, rows, side, columns, side)
        .mean(WITHIN, true, new ScalarTypeOptional()); // [n, c, rows, 1, columns, 1]
  }

  @Override
  Tensor spread(Tensor means, Tensor images) {
    return means
        .expand(means.size(0), means.size(1), means.size(2), side, means.size(4), side)
        .reshape(images.size(0), images.size(1), images.size(2), images.size(3));
  }
}
