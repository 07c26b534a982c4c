package dev.hourglass.model;

import dev.hourglass.ops.Dropout;
import dev.hourglass.random.RandomStream;
import dev.hourglass.tensor.Tensors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * How a forward pass differs between training and sampling.
 *
 * @param seed names the random streams of dropout together with the image
 * @param firstImage the number of the batch's first image among all images ever drawn
 * @param dropout whether dropout acts
 * @param checkpointing whether blocks recompute their activations in the backward pass instead of
 *     keeping them
 */
public record TrainingPass(long seed, long firstImage, boolean dropout, boolean checkpointing) {

  /** No dropout, nothing recomputed. */
  public static final TrainingPass SAMPLING = new TrainingPass(0, 0, false, false);

  private static final long PURPOSE = 0x64726f70; // "drop"

  /**
   * The dropout of one place in the network. Its mask is a function of (seed, image, place), so
   * that recomputing a block, or resuming a run, meets the same one.
   */
  Dropout dropoutAt(int place, double rate) {
    return dropout && rate > 0 ? x -> x.mul(mask(x, place, rate)) : Dropout.NONE;
  }

  private Tensor mask(Tensor x, int place, double rate) {
    int n = Math.toIntExact(x.size(0));
    int each = Math.toIntExact(x.numel() / n);
    float[] mask = new float[n * each];
    float kept = (float) (1 / (1 - rate));
    long threshold = Math.round(rate * 0x1p32);
    IntStream.range(0, n)
        .parallel()
        .forEach(
            i -> {
              RandomStream random = RandomStream.of(seed, PURPOSE, firstImage + i, place);
              for (int j = i * each; j < (i + 1) * each; j++) {
                mask[j] = Integer.toUnsignedLong(random.nextInt()) < threshold ? 0 : kept;
              }
            });
    return Tensors.ofFloats(mask, Tensors.shape(x)).to(x);
  }
}
