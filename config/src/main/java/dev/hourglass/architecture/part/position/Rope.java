package dev.hourglass.architecture.part.position;

import dev.hourglass.architecture.primitive.Primitives;
import dev.hourglass.architecture.primitive.Start;

/** Axial rotary position embeddings (docs/model.md, 3.3). */
public record Rope() implements Positions {

  @Override
  public String name() {
    return "ROPE";
  }

  @Override
  public <T> T rotate(Primitives<T> on, T x, boolean exactAngles) {
    return on.rotate(x, frequencies(on, on.size(x, -2), on.size(x, -1)), exactAngles);
  }

  /** {@code [heads, d/8]}: half of the d/4 angles turn by row, half by column. */
  public <T> T frequencies(Primitives<T> on, long heads, long d) {
    return on.parameter("pos_emb.freqs", new Start.Rotary(), heads, d / 8);
  }
}
