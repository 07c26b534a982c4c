package dev.hourglass.architecture.part.position;

import dev.hourglass.architecture.primitive.Primitives;
import dev.hourglass.architecture.primitive.Start;

/** A trained table, added to the tokens (docs/model.md, 3.10); so the size is fixed. */
public record Learned() implements Positions {

  private static final Start START = new Start.Normal(0.02);

  @Override
  public String name() {
    return "learned";
  }

  @Override
  public <T> T embed(Primitives<T> on, T tokens) {
    long h = on.size(tokens, -3);
    long w = on.size(tokens, -2);
    long c = on.size(tokens, -1);
    return on.add(tokens, on.parameter("pos_emb", START, 1, h, w, c));
  }

  @Override
  public boolean fixSize() {
    return true;
  }
}
