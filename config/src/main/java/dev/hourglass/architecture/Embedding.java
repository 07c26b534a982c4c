package dev.hourglass.architecture;

import dev.hourglass.architecture.part.position.Positions;
import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.architecture.primitive.Primitives;

/** Pixels to tokens that may know their place: {@code [h, w, channels] -> [h/p, w/p, width]}. */
public record Embedding(PatchMerge patches, Positions positions) implements Part {

  @Override
  public <T> T apply(Primitives<T> on, T pixels) {
    return positions.embed(on, patches.apply(on.in("patch_in"), pixels));
  }
}
