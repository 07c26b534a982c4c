package dev.hourglass.core.text;

import java.util.Collection;
import java.util.Optional;

/** Guesses which of the known words an unknown one was meant to be. */
public final class Spelling {

  /** Longer words are compared up to here: the time grows with the square of their length. */
  private static final int MAX_COMPARED = 120;

  private Spelling() {}

  /**
   * What to do about an unknown word, the end of a sentence: the word that was probably meant, or
   * all that are known.
   *
   * @param choice introduces the known words: "choose one of"
   */
  public static String advice(String word, Collection<String> known, String choice) {
    return meant(word, known)
        .map("did you mean \"%s\"?"::formatted)
        .orElseGet(() -> choice + " " + String.join(", ", known) + ".");
  }

  /**
   * The known word that differs in capitals only, or else the nearest, if at most a third of its
   * letters, rounded up, must change.
   */
  public static Optional<String> meant(String word, Collection<String> known) {
    return known.stream()
        .filter(word::equalsIgnoreCase)
        .findFirst()
        .or(
            () ->
                nearest(
                    word,
                    known.stream()
                        .filter(
                            candidate ->
                                isWithin(Math.ceilDiv(candidate.length(), 3), word, candidate))
                        .toList()));
  }

  /**
   * The known word at the smallest distance, the first one among equals; empty if none is known.
   */
  public static Optional<String> nearest(String word, Collection<String> known) {
    String nearest = null;
    int smallest = Integer.MAX_VALUE;
    for (String candidate : known) {
      if (isWithin(smallest - 1, word, candidate)) {
        smallest = distance(word, candidate);
        nearest = candidate;
      }
    }
    return Optional.ofNullable(nearest);
  }

  private static boolean isWithin(int limit, String a, String b) {
    // The distance is at least the difference in length: most words need no more than that.
    return Math.abs(cut(a).length() - cut(b).length()) <= limit && distance(a, b) <= limit;
  }

  /**
   * Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours
   * count 1 each.
   */
  static int distance(String word, String other) {
    String a = cut(word);
    String b = cut(other);
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replace, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }

  private static String cut(String word) {
    return word.length() <= MAX_COMPARED ? word : word.substring(0, MAX_COMPARED);
  }
}
