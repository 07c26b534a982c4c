package dev.hourglass.architecture;

import dev.hourglass.architecture.part.Activation;
import dev.hourglass.architecture.part.Norm;
import dev.hourglass.architecture.primitive.DropoutPlace;
import dev.hourglass.architecture.primitive.ParameterSpec.Start;
import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.architecture.primitive.Primitives;

/**
 * Pre-norm residual feed-forward block (docs/model.md, 4.4), on {@code [..., width]}.
 *
 * @param hidden channels between activation and down projection
 */
public record FeedForward(
    int width, int hidden, Norm norm, Activation activation, DropoutPlace dropout) implements Part {

  @Override
  public <T> T apply(Primitives<T> on, T x) {
    return norm.residual(
        on,
        x,
        normed -> {
          T activated = on.apply(activation, on.linear(normed, up(on)));
          return on.linear(on.dropout(activated, dropout), down(on));
        });
  }

  /** {@code [branches * hidden, width]}. */
  public <T> T up(Primitives<T> on) {
    return on.weight("up_proj.weight", Start.LINEAR, (long) activation.branches() * hidden, width);
  }

  /** {@code [width, hidden]}. */
  public <T> T down(Primitives<T> on) {
    return on.weight("down_proj.weight", Start.ZEROS, width, hidden);
  }
}
