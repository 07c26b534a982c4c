package dev.hourglass.architecture.part.position;

import dev.hourglass.architecture.primitive.Primitives;

/**
 * The fixed sine-cosine table of ViT, MAE and DiT, added to the tokens (docs/model.md, 3.10). It
 * fits any size: for another than the training size it is computed again.
 */
public record Additive() implements Positions {

  @Override
  public String name() {
    return "additive";
  }

  /** Sines and cosines, of the column and of the row. */
  @Override
  public int widthUnit() {
    return 4;
  }

  @Override
  public <T> T embed(Primitives<T> on, T tokens) {
    return on.add(tokens, on.sineCosine("pos_emb", tokens));
  }
}
