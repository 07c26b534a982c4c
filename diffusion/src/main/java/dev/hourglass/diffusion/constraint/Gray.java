package dev.hourglass.diffusion.constraint;

import dev.hourglass.tensor.Tensors;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * The gray value of each pixel is known, {@code 0.299 R + 0.587 G + 0.114 B} (ITU-R BT.601, as in
 * the conversion of training images): colouring. A right inverse of that is to give all three
 * colours the same change, which leaves the differences between them, the colour, alone; the
 * pseudoinverse would change green most.
 */
public final class Gray extends WeightedMean {

  private static final double[] WEIGHTS = {0.299, 0.587, 0.114};
  private static final long[] COLOURS = {1};

  @Override
  Tensor means(Tensor images) {
    Tensor weights = Tensors.ofDoubles(WEIGHTS, 1, WEIGHTS.length, 1, 1).to(images.scalar_type());
    return images.mul(weights).sum(COLOURS, true, new ScalarTypeOptional()); // [n, 1, h, w]
  }

  @Override
  Tensor spread(Tensor means, Tensor images) {
    return means.expand_as(images);
  }
}
