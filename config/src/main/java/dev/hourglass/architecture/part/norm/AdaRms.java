package dev.hourglass.architecture.part.norm;

import dev.hourglass.architecture.primitive.Modulation;
import dev.hourglass.architecture.primitive.Primitives;

/** RMS norm whose scale is {@code 1 + W cond} (docs/model.md, 4.1). */
public record AdaRms() implements RmsNorm {

  @Override
  public String name() {
    return "AdaRMS";
  }

  @Override
  public <T> T scale(Primitives<T> on, long channels) {
    return on.modulation(Modulation.SCALE, channels).getFirst();
  }
}
