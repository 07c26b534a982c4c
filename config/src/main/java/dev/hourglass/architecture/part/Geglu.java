package dev.hourglass.architecture.part;

import dev.hourglass.architecture.primitive.Elementwise;
import dev.hourglass.architecture.primitive.Primitives;
import java.util.List;

/** {@code a * gelu(g)} with {@code (a, g)} the halves of the up projection (docs/model.md, 4.3). */
public record Geglu() implements Activation {

  @Override
  public String name() {
    return "GEGLU";
  }

  @Override
  public int branches() {
    return 2;
  }

  @Override
  public <T> T apply(Primitives<T> on, T up) {
    List<T> halves = on.halves(up);
    return on.multiply(halves.get(0), on.map(Elementwise.GELU, halves.get(1)));
  }
}
