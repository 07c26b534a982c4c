package dev.hourglass.architecture.part.norm;

import dev.hourglass.architecture.primitive.Primitives;
import dev.hourglass.architecture.primitive.Start;

/** RMS norm with a learned scale: that of the mapping network and of the output. */
public record Rms() implements RmsNorm {

  @Override
  public String name() {
    return "RMS";
  }

  @Override
  public <T> T scale(Primitives<T> on, long channels) {
    return on.parameter("scale", Start.ones(), channels);
  }
}
