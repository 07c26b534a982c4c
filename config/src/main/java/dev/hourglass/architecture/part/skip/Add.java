package dev.hourglass.architecture.part.skip;

import dev.hourglass.architecture.primitive.Primitives;

/** {@code x + skip} (docs/model.md, 1.4). */
public record Add() implements Skip {

  @Override
  public String name() {
    return "add";
  }

  @Override
  public <T> T apply(Primitives<T> on, T skip, T x) {
    return on.add(x, skip);
  }
}
