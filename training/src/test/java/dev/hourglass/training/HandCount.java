package dev.hourglass.training;

import dev.hourglass.training.RandomVariant.RandomLevel;

/** Parameters and multiply-accumulates of a model by formulas written by hand from the paper's. */
record HandCount(RandomVariant v) {

  long parameters() {
    int m = v.mappingWidth();
    long sum = patchIn() + pixels() * width(0) + width(0); // patch in and out, out norm
    if (v.positions().equals("learned")) {
      sum += tokens(0) * width(0);
    }
    sum += 2L * m * m + 2L * m; // time, augmentation, first and last norm
    sum += v.classes() == 0 ? 0 : (v.classes() + 1L) * m;
    sum += (long) v.vector() * m;
    sum += v.mappingDepth() * (m + feedForward(m, v.mappingHidden()));
    sum += v.mappingDepth() * feedForwardBiases(m, v.mappingHidden(), 4);
    for (int i = 0; i < v.levels().size(); i++) {
      RandomLevel level = v.levels().get(i);
      long c = level.width();
      long layer =
          normParameters(c)
              + feedForward(c, level.hidden())
              + feedForwardBiases(c, level.hidden(), 2);
      if (level.dHead() > 0) {
        layer += normParameters(c) + 4 * c * c + similarityParameters(level);
        layer += (bias(0) ? 3 * c : 0) + (bias(1) ? c : 0);
      }
      sum += layers(i) * layer;
      if (i < innermost()) {
        sum += 8 * c * width(i + 1) + skipParameters(c);
      }
    }
    return sum;
  }

  long macs() {
    int m = v.mappingWidth();
    long sum = tokens(0) * (patchIn() + pixels() * width(0));
    sum += 2L * m * m + (long) v.vector() * m;
    sum += v.mappingDepth() * feedForward(m, v.mappingHidden());
    for (int i = 0; i < v.levels().size(); i++) {
      RandomLevel level = v.levels().get(i);
      long c = level.width();
      long layer = normMacs(c) + tokens(i) * feedForward(c, level.hidden());
      if (level.dHead() > 0) {
        layer += normMacs(c) + tokens(i) * 4 * c * c + attentionMacs(level, tokens(i));
      }
      sum += layers(i) * layer;
      if (i < innermost()) {
        sum += tokens(i + 1) * 8 * c * width(i + 1) + tokens(i) * skipMacs(c);
      }
    }
    return sum;
  }

  private long patchIn() {
    long d = v.bottleneck();
    return d == 0 ? pixels() * width(0) : pixels() * d + d * width(0);
  }

  /** Numbers of a patch. */
  private long pixels() {
    return (long) v.channels() * v.patch() * v.patch();
  }

  private int innermost() {
    return v.levels().size() - 1;
  }

  private long width(int level) {
    return v.levels().get(level).width();
  }

  private long tokens(int level) {
    return (long) v.side(level) * v.side(level);
  }

  private long layers(int i) {
    RandomLevel level = v.levels().get(i);
    return (long) level.depth() * level.stacks() * (i < innermost() ? 2 : 1);
  }

  private boolean bias(int number) {
    return v.biases().get(number);
  }

  private int branches() {
    return v.activation().endsWith("GLU") ? 2 : 1;
  }

  private long feedForward(long c, long hidden) {
    return (branches() + 1) * hidden * c;
  }

  private long feedForwardBiases(long c, long hidden, int first) {
    return (bias(first) ? branches() * hidden : 0) + (bias(first + 1) ? c : 0);
  }

  private long normMacs(long c) {
    return v.mappingWidth()
        * switch (v.norm()) {
          case "AdaLN" -> 3 * c;
          case "AdaLNGateless" -> 2 * c;
          default -> c;
        };
  }

  private long normParameters(long c) {
    return normMacs(c)
        + switch (v.norm()) {
          case "AdaLN" -> 3 * c;
          case "AdaLNGateless" -> 2 * c;
          case "ShiftRMS" -> c;
          default -> 0;
        };
  }

  private static long similarityParameters(RandomLevel level) {
    return switch (level.similarity()) {
      case "cosine", "l2" -> level.width() / level.dHead();
      case "qk-norm" -> 2L * level.dHead();
      default -> 0;
    };
  }

  private long skipParameters(long c) {
    return skipMacs(c)
        + switch (v.skip()) {
          case "learned_lerp", "mlp" -> 1;
          case "channel_lerp" -> c;
          default -> 0;
        };
  }

  private long skipMacs(long c) {
    return switch (v.skip()) {
      case "concat", "gated" -> 2 * c * c;
      case "mlp" -> 3 * c * c;
      default -> 0;
    };
  }

  private static long attentionMacs(RandomLevel level, long tokens) {
    long c = level.width();
    long n = level.number();
    return switch (level.attention()) {
      case "global" -> 2 * tokens * tokens * c;
      case "nystrom" -> {
        long landmarks = n * n;
        yield (4 * tokens * landmarks + 2 * landmarks * landmarks) * c
            + c / level.dHead() * 24 * landmarks * landmarks * landmarks;
      }
      default -> 2 * tokens * n * n * c;
    };
  }
}
