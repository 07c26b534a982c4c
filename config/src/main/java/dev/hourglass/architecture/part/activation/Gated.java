package dev.hourglass.architecture.part.activation;

import dev.hourglass.architecture.primitive.Elementwise;
import dev.hourglass.architecture.primitive.Primitives;
import java.util.List;

/**
 * {@code a * function(g)} with {@code (a, g)} the halves of the up projection (Shazeer 2020;
 * docs/model.md, 4.3).
 */
public record Gated(String name, Elementwise function) implements Activation {

  @Override
  public int branches() {
    return 2;
  }

  @Override
  public <T> T apply(Primitives<T> on, T up) {
    List<T> halves = on.halves(up);
    return on.multiply(halves.get(0), on.map(function, halves.get(1)));
  }
}
