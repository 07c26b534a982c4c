package dev.hourglass.architecture;

import dev.hourglass.architecture.part.PatchBottleneck;
import dev.hourglass.architecture.part.position.Positions;
import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.architecture.primitive.Primitives;

/**
 * Pixels to tokens that may know their place: {@code [h, w, channels] -> [h/p, w/p, width]}.
 *
 * @param patches to tokens of as many channels
 * @param bottleneck on the way to them
 */
public record Embedding(PatchMerge patches, PatchBottleneck bottleneck, Positions positions)
    implements Part {

  private static final Linear EXPANSION = Linear.of("proj");

  @Override
  public <T> T apply(Primitives<T> on, T pixels) {
    return positions.embed(on, tokens(on.in("patch_in"), pixels));
  }

  private <T> T tokens(Primitives<T> on, T pixels) {
    if (!bottleneck.isPresent()) {
      return patches.apply(on, pixels);
    }
    PatchMerge narrow = patches.to("bottleneck", bottleneck.width());
    return EXPANSION.apply(on, narrow.apply(on, pixels), patches.width()); // [h/p, w/p, width]
  }
}
