package dev.hourglass.architecture.part.norm;

import dev.hourglass.architecture.primitive.Modulation;
import dev.hourglass.architecture.primitive.Primitives;
import dev.hourglass.architecture.primitive.Start;
import java.util.function.UnaryOperator;

/**
 * RMS norm with a learned scale, which the conditioning shifts: {@code rms(x) * scale + W cond}
 * (docs/model.md, 4.1).
 */
public record ShiftRms() implements Norm {

  @Override
  public String name() {
    return "ShiftRMS";
  }

  @Override
  public <T> T residual(Primitives<T> on, T x, UnaryOperator<T> f) {
    long channels = on.size(x, -1);
    T normed = on.add(on.rmsNorm(x, scale(on, channels)), shift(on, channels));
    return on.add(x, f.apply(normed));
  }

  /** {@code [channels]}, of a block's place. */
  public <T> T scale(Primitives<T> on, long channels) {
    return on.in("norm").slow().parameter("scale", Start.ones(), channels);
  }

  /** That for each image, of a block's place. */
  public <T> T shift(Primitives<T> on, long channels) {
    return on.in("norm").modulation(Modulation.SHIFT, channels).getFirst();
  }
}
