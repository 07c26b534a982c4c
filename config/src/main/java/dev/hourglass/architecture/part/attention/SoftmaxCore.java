package dev.hourglass.architecture.part.attention;

import dev.hourglass.architecture.part.attention.Similarity.Pair;
import dev.hourglass.architecture.part.position.Positions;
import dev.hourglass.architecture.primitive.AttentionPattern;
import dev.hourglass.architecture.primitive.Primitives;
import java.util.List;

/** Each query attends to the keys of its pattern (docs/model.md, 3.1). */
public record SoftmaxCore(
    AttentionPattern pattern, Similarity similarity, Positions positions, int heads)
    implements AttentionCore {

  @Override
  public boolean exactAngles() {
    return pattern.exactAngles();
  }

  @Override
  public <T> T apply(Primitives<T> on, T qkv) {
    List<T> parts = on.heads(qkv, 3, heads);
    Pair<T> normalised = similarity.normalised(on, parts.get(0), parts.get(1));
    T queries = positions.rotate(on, normalised.queries(), exactAngles());
    T keys = positions.rotate(on, normalised.keys(), exactAngles());
    return on.joinHeads(on.attend(similarity.logits(on, queries, keys), parts.get(2), pattern));
  }
}
