package dev.hourglass.architecture;

import dev.hourglass.architecture.part.attention.AttentionCore;
import dev.hourglass.architecture.part.norm.Norm;
import dev.hourglass.architecture.primitive.DropoutPlace;
import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.architecture.primitive.Primitives;

/** Pre-norm residual attention (docs/model.md, 4.2), on {@code [h, w, width]}. */
public record AttentionBlock(
    int width, Norm norm, AttentionCore core, Projections biases, DropoutPlace dropout)
    implements Part {

  @Override
  public <T> T apply(Primitives<T> on, T x) {
    return norm.residual(
        on,
        x,
        normed -> {
          T attended = on.apply(core, qkv().apply(on, normed, 3L * width));
          return out().apply(on, on.dropout(attended, dropout), width);
        });
  }

  /** {@code width -> 3 * width}. */
  public Linear qkv() {
    return new Linear("qkv_proj", false, biases.in());
  }

  /** {@code width -> width}. */
  public Linear out() {
    return new Linear("out_proj", !norm.gated(), biases.out());
  }
}
