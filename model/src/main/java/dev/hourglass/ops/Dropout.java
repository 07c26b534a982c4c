package dev.hourglass.ops;

import dev.hourglass.kernels.block.TokenDropout;
import org.bytedeco.pytorch.Tensor;

/** Drops elements of an activation, and scales the rest so that the mean stays. */
public interface Dropout {

  /** No dropout: sampling, and rate 0. */
  Dropout NONE =
      new Dropout() {
        @Override
        public Tensor apply(Tensor x) {
          return x;
        }

        @Override
        public TokenDropout perTokens() {
          return TokenDropout.NONE;
        }
      };

  /** Of a whole activation, {@code [images, ..., width]}. */
  Tensor apply(Tensor x);

  /** The same elements, for kernels that work on chunks of token rows. */
  TokenDropout perTokens();
}
