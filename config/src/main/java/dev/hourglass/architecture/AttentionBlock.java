package dev.hourglass.architecture;

import dev.hourglass.architecture.part.Norm;
import dev.hourglass.architecture.primitive.DropoutPlace;
import dev.hourglass.architecture.primitive.ParameterSpec.Start;
import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.architecture.primitive.Primitives;

/** Pre-norm residual attention (docs/model.md, 4.2), on {@code [h, w, width]}. */
public record AttentionBlock(int width, Norm norm, AttentionCore core, DropoutPlace dropout)
    implements Part {

  @Override
  public <T> T apply(Primitives<T> on, T x) {
    return norm.residual(
        on,
        x,
        normed -> {
          T attended = on.apply(core, on.linear(normed, qkv(on)));
          return on.linear(on.dropout(attended, dropout), out(on));
        });
  }

  /** {@code [3 * width, width]}. */
  public <T> T qkv(Primitives<T> on) {
    return on.weight("qkv_proj.weight", Start.LINEAR, 3L * width, width);
  }

  /** {@code [width, width]}. */
  public <T> T out(Primitives<T> on) {
    return on.weight("out_proj.weight", Start.ZEROS, width, width);
  }
}
