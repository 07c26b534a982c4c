package dev.hourglass.architecture;

import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.architecture.primitive.Primitives;
import java.util.Optional;

/** One layer: attention block, then feed-forward block (docs/model.md, 4). */
public record Layer(Optional<AttentionBlock> attention, FeedForward feedForward) implements Part {

  @Override
  public <T> T apply(Primitives<T> on, T x) {
    T attended = attention.isEmpty() ? x : on.in("self_attn").block(attention.get(), x);
    return on.in("ff").block(feedForward, attended);
  }
}
