package dev.hourglass.architecture.part.norm;

import dev.hourglass.architecture.primitive.Modulation;
import dev.hourglass.architecture.primitive.Primitives;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Layer norm whose scale and shift are made of the conditioning, with or without a gate on the
 * block's result: {@code x + g * f(ln(x) * (1 + s) + b)} (Peebles and Xie 2023; docs/model.md,
 * 4.1).
 *
 * @param gated whether there is a gate
 */
public record AdaLayerNorm(boolean gated) implements Norm {

  @Override
  public String name() {
    return gated ? "AdaLN" : "AdaLNGateless";
  }

  @Override
  public <T> T residual(Primitives<T> on, T x, UnaryOperator<T> f) {
    List<T> rows = modulation(on, on.size(x, -1));
    T result = f.apply(on.layerNorm(x, rows.get(0), rows.get(1)));
    return on.add(x, gated ? on.multiply(result, rows.get(2)) : result);
  }

  /** Shift, scale and, if there is one, gate of a block's place, each for each image. */
  public <T> List<T> modulation(Primitives<T> on, long channels) {
    return gated
        ? on.in("norm_scale").modulation(Modulation.SHIFT_SCALE_GATE, channels)
        : on.in("norm").modulation(Modulation.SHIFT_SCALE, channels);
  }
}
