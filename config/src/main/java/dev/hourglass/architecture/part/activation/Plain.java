package dev.hourglass.architecture.part.activation;

import dev.hourglass.architecture.primitive.Elementwise;
import dev.hourglass.architecture.primitive.Primitives;

/** A function of every channel of the up projection (docs/model.md, 4.3). */
public record Plain(String name, Elementwise function) implements Activation {

  @Override
  public int branches() {
    return 1;
  }

  @Override
  public <T> T apply(Primitives<T> on, T up) {
    return on.map(function, up);
  }
}
