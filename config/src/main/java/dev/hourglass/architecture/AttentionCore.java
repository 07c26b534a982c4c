package dev.hourglass.architecture;

import dev.hourglass.architecture.part.Positions;
import dev.hourglass.architecture.part.Similarity;
import dev.hourglass.architecture.part.Similarity.Pair;
import dev.hourglass.architecture.primitive.AttentionPattern;
import dev.hourglass.architecture.primitive.Part;
import dev.hourglass.architecture.primitive.Primitives;
import java.util.List;

/** From queries, keys and values to what the queries attended to. */
public record AttentionCore(
    AttentionPattern pattern, Similarity similarity, Positions positions, int heads)
    implements Part {

  /** {@code [h, w, 3 * heads * d] -> [h, w, heads * d]}: q, k, v; then head; then channel. */
  @Override
  public <T> T apply(Primitives<T> on, T qkv) {
    List<T> parts = on.heads(qkv, 3, heads);
    Pair<T> scaled = similarity.apply(on, parts.get(0), parts.get(1));
    T queries = positions.apply(on, scaled.queries(), pattern.exactAngles());
    T keys = positions.apply(on, scaled.keys(), pattern.exactAngles());
    return on.joinHeads(on.attend(queries, keys, parts.get(2), pattern));
  }
}
