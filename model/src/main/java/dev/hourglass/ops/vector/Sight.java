package dev.hourglass.ops.vector;

import dev.hourglass.architecture.part.attention.AttentionCore;
import dev.hourglass.architecture.part.attention.NystromCore;
import dev.hourglass.architecture.part.attention.SoftmaxCore;
import dev.hourglass.architecture.primitive.AttentionPattern;

/** What tokens see of each other. */
sealed interface Sight {

  /** The keys of a pattern. */
  record Of(AttentionPattern pattern) implements Sight {}

  /** All tokens, by way of so many landmarks in a column and in a row of the grid. */
  record ByLandmarks(int rows, int columns) implements Sight {}

  /** That of a part of the network. */
  static Sight of(AttentionCore core) {
    return switch (core) {
      case SoftmaxCore softmax -> new Of(softmax.pattern());
      case NystromCore nystrom -> new ByLandmarks(nystrom.rows(), nystrom.columns());
    };
  }
}
