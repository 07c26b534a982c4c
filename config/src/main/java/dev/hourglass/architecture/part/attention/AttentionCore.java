package dev.hourglass.architecture.part.attention;

import dev.hourglass.architecture.part.position.Positions;
import dev.hourglass.architecture.primitive.Part;

/**
 * From queries, keys and values to what the queries attended to: {@code [h, w, 3 * heads * d] ->
 * [h, w, heads * d]}, in order of q, k, v; then head; then channel.
 */
public sealed interface AttentionCore extends Part permits SoftmaxCore, NystromCore {

  int heads();

  Similarity similarity();

  Positions positions();

  /** Whether angles of positions are computed in float64. */
  boolean exactAngles();
}
