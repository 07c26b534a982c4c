package dev.hourglass.bench.serve.fuzz;

import dev.hourglass.core.random.RandomStream;
import java.util.List;

/** Choices that are the same for the same seed and number. */
final class Chance {

  private final RandomStream random;

  Chance(long seed, long number) {
    random = RandomStream.of(seed, number);
  }

  /** Yes, so often. */
  boolean is(double probability) {
    return random.nextDouble() < probability;
  }

  /** From 0 to {@code bound - 1}. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  <T> T of(List<T> choices) {
    return choices.get(below(choices.size()));
  }

  /** Any bytes, one a character. */
  String bytes(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append((char) below(256));
    }
    return text.toString();
  }
}
