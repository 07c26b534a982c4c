package dev.hourglass.architecture;

import dev.hourglass.architecture.part.activation.Activation;
import dev.hourglass.architecture.part.norm.Norm;
import dev.hourglass.architecture.primitive.DropoutPlace;
import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.architecture.primitive.Primitives;

/**
 * Pre-norm residual feed-forward block (docs/model.md, 4.4), on {@code [..., width]}.
 *
 * @param hidden channels between activation and down projection
 */
public record FeedForward(
    int width,
    int hidden,
    Norm norm,
    Activation activation,
    Projections biases,
    DropoutPlace dropout)
    implements Part {

  @Override
  public <T> T apply(Primitives<T> on, T x) {
    return norm.residual(
        on,
        x,
        normed -> {
          T activated = on.apply(activation, up().apply(on, normed, upWidth()));
          return down().apply(on, on.dropout(activated, dropout), width);
        });
  }

  /** {@code width -> branches * hidden}. */
  public Linear up() {
    return new Linear("up_proj", false, biases.in());
  }

  /** {@code hidden -> width}. */
  public Linear down() {
    return new Linear("down_proj", !norm.gated(), biases.out());
  }

  /** Channels of the up projection. */
  public long upWidth() {
    return (long) activation.branches() * hidden;
  }

  /** The same with other dropout. */
  FeedForward withDropout(DropoutPlace other) {
    return new FeedForward(width, hidden, norm, activation, biases, other);
  }
}
