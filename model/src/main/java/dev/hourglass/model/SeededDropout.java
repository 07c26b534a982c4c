package dev.hourglass.model;

import dev.hourglass.core.random.RandomStream;
import dev.hourglass.kernels.block.DropoutMask;
import dev.hourglass.kernels.block.TokenDropout;
import dev.hourglass.ops.Dropout;
import dev.hourglass.tensor.Tensors;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.Tensor;

/**
 * Dropout whose mask is a random stream's, one for each image of the batch.
 *
 * @param streams by the number of the image in the batch
 * @param rate probability that an element is dropped
 */
record SeededDropout(IntFunction<RandomStream> streams, double rate) implements Dropout {

  @Override
  public Tensor apply(Tensor x) {
    int images = Math.toIntExact(x.size(0));
    int width = Math.toIntExact(x.size(-1));
    int tokens = Math.toIntExact(x.numel() / images / width);
    float[] factors = new float[images * tokens * width];
    for (int image = 0; image < images; image++) {
      mask(image).factors(factors, image * tokens * width, tokens * width);
    }
    return x.mul(Tensors.ofFloats(factors, Tensors.shape(x)).to(x));
  }

  private DropoutMask mask(int image) {
    return DropoutMask.of(streams.apply(image), rate);
  }

  @Override
  public TokenDropout perTokens() {
    return (chunk, rows, width, scratch) -> {
      int n = chunk.rowsEach();
      long bits = scratch.bytes(((long) n * width + 63) / 64 * 8 + 8);
      for (int i = 0; i < chunk.imageCount(); i++) {
        DropoutMask mask = mask(chunk.firstImage() + i);
        mask.bits((long) chunk.firstToken() * width, n * width, bits);
        mask.apply(rows + 4L * i * n * width, 4L * width, bits, n, width);
      }
    };
  }
}
