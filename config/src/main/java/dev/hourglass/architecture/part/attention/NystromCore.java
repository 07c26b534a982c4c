package dev.hourglass.architecture.part.attention;

import dev.hourglass.architecture.part.attention.Similarity.Pair;
import dev.hourglass.architecture.part.position.Positions;
import dev.hourglass.architecture.primitive.AttentionPattern;
import dev.hourglass.architecture.primitive.Primitives;
import java.util.List;

/**
 * All tokens see all others by way of a few landmarks, at a cost linear in the tokens: {@code F A^+
 * B v} (Xiong et al. 2021, with means of two-dimensional blocks as landmarks; docs/model.md, 3.11).
 *
 * @param rows landmarks in a column of the grid
 * @param columns landmarks in a row of the grid
 */
public record NystromCore(
    int rows, int columns, Similarity similarity, Positions positions, int heads)
    implements AttentionCore {

  /** What tokens and landmarks see of each other. */
  private static final AttentionPattern ALL = new AttentionPattern.Global();

  @Override
  public boolean exactAngles() {
    return ALL.exactAngles();
  }

  @Override
  public <T> T apply(Primitives<T> on, T qkv) {
    List<T> parts = on.heads(qkv, 3, heads);
    Pair<T> normalised = similarity.normalised(on, parts.get(0), parts.get(1));
    T q = positions.rotate(on, normalised.queries(), exactAngles());
    T k = positions.rotate(on, normalised.keys(), exactAngles());
    T qMean = on.blockMeans(q, rows, columns); // [rows, columns, heads, d]
    T kMean = on.blockMeans(k, rows, columns);
    T gathered = on.attend(similarity.logits(on, qMean, k), parts.get(2), ALL); // B v
    T unmixed = on.unmix(similarity.logits(on, qMean, kMean), gathered); // A^+ B v
    return on.joinHeads(on.attend(similarity.logits(on, q, kMean), unmixed, ALL));
  }
}
