package dev.hourglass.diffusion.constraint;

import dev.hourglass.diffusion.samplers.step.History;
import dev.hourglass.tensor.Scope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

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
    Tensor reach = given.abs().max().add(images.abs().max()).add(new Scalar(1));
    try (History bounds = new History(1)) { // [2, ...], which frees the ones before
      bounds.push(
          torch.stack(
              new TensorVector(target.mul(new Scalar(0)).sub(reach), reach.expand_as(target))));
      for (int i = 0; i < BISECTIONS; i++) {
        Scope.run(() -> bounds.push(halved(bounds.get(0), target, images)));
      }
      return shifted(images, bounds.get(0).get(1));
    }
  }

  /** The half of each interval of shifts that has the one that meets the target. */
  private Tensor halved(Tensor bounds, Tensor target, Tensor images) {
    Tensor low = bounds.get(0);
    Tensor high = bounds.get(1);
    Tensor middle = low.add(high).mul(new Scalar(0.5));
    Tensor below = means(shifted(images, middle)).lt(target);
    return torch.stack(new TensorVector(middle.where(below, low), high.where(below, middle)));
  }

  private Tensor shifted(Tensor images, Tensor shifts) {
    return images
        .add(spread(shifts, images))
        .clamp(new ScalarOptional(new Scalar(-1)), new ScalarOptional(new Scalar(1)));
  }
}
