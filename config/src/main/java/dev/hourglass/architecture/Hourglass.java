package dev.hourglass.architecture;

import dev.hourglass.architecture.part.norm.Rms;
import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.architecture.primitive.Primitives;
import java.util.List;

/**
 * The backbone: patches become tokens, pairs of rows and columns are merged on the way down and
 * split on the way up, and every level is a stack of layers (HDiT, section 4; docs/model.md, 1).
 *
 * @param levels from the outermost inwards, but the innermost, which is {@code middle}
 * @param mapping what every layer is conditioned on
 */
public record Hourglass(
    Embedding embedding,
    List<Level> levels,
    Stack middle,
    Rms outNorm,
    PatchSplit patchOut,
    MappingNetwork mapping)
    implements Part {

  /** Pixels to pixels, {@code [h, w, channels]}. */
  @Override
  public <T> T apply(Primitives<T> on, T pixels) {
    T tokens = embedding.apply(on, pixels);
    T out = inwards(on, tokens, 0);
    T normed = outNorm.apply(on.in("out_norm"), out);
    return patchOut.apply(on.in("patch_out"), normed);
  }

  /** The levels from {@code i} inwards: down, middle, up. */
  private <T> T inwards(Primitives<T> on, T x, int i) {
    if (i == levels.size()) {
      return middle.apply(on, x);
    }
    Level level = levels.get(i);
    T skip = level.down().apply(on, x);
    T inner = level.merge().apply(on.in("merges." + i), skip);
    T below = inwards(on, inner, i + 1);
    T joined = on.in("splits." + i).join(level.join(), skip, below);
    return level.up().apply(on, joined);
  }
}
