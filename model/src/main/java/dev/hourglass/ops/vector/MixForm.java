package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.kernels.resample.Mix;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;

/**
 * What follows the split of tokens: which tensors it has besides x and the weight, and the mix.
 *
 * @param tensors 0; 1, the skip; 2, the skip and the factor
 */
record MixForm(int tensors, Function<Tensor, Mix> mix) {

  static final MixForm ALONE = new MixForm(0, factor -> new Mix.Alone());
  static final MixForm ADD = new MixForm(1, factor -> new Mix.Add());
  static final MixForm LERP = new MixForm(2, factor -> new Mix.OneFactor(address(factor)));
  static final MixForm CHANNEL_LERP =
      new MixForm(2, factor -> new Mix.ChannelFactors(address(factor)));

  /** The mix of an operation's inputs or of what it saved of them. */
  Mix of(Tensor last) {
    return mix.apply(last);
  }
}
