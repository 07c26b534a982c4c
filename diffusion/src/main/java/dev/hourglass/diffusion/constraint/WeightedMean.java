package dev.hourglass.diffusion.constraint;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * Weighted means over groups of values, each value in one group: A takes the means, and A^+ gives
 * all values of a group their mean. So what is not known, the differences within a group, stays as
 * it is.
 */
public abstract sealed class WeightedMean implements Measurement permits BlockMeans, Gray {

  /** Halves an interval of a few units to less than float64 resolves. */
  private static final int BISECTIONS = 60;

  /** The mean of each group; of any shape. */
  abstract Tensor means(Tensor images);

  /** Every value replaced by the number of its group, of the shape {@link #means} has. */
  abstract Tensor spread(Tensor means, Tensor images);

  @Override
  public final Tensor impose(Tensor given, Tensor images) {
    return images.add(spread(means(given).sub(means(images)), images));
  }

  @Override
  public final Tensor imposeInRange(Tensor given, Tensor images) {
    Tensor target = means(given);
    // The mean of clamp(x + t) grows with t, from -1 to 1 between these.
    Tensor reach = spread(target, images).abs().max().add(images.abs().max()).add(new Scalar(1));
    Tensor low = target.mul(new Scalar(0)).sub(reach);
    Tensor high = target.mul(new Scalar(0)).add(reach);
    for (int i = 0; i < BISECTIONS; i++) {
      Tensor middle = low.add(high).mul(new Scalar(0.5));
      Tensor below = means(shifted(images, middle)).lt(target);
      low = middle.where(below, low);
      high = high.where(below, middle);
    }
    return shifted(images, high);
  }

  private Tensor shifted(Tensor images, Tensor shifts) {
    return images
        .add(spread(shifts, images))
        .clamp(new ScalarOptional(new Scalar(-1)), new ScalarOptional(new Scalar(1)));
  }
}
