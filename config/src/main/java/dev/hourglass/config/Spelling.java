package dev.hourglass.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses which of the known words a misspelt one was meant to be. */
final class Spelling {

  private Spelling() {}

  /** The nearest known word, if at most a third of its letters must change. */
  static Optional<String> nearest(String word, Collection<String> known) {
    return known.stream()
        .filter(candidate -> 3 * distance(word, candidate) <= Math.max(3, candidate.length()))
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
  }

  /**
   * What to do about an unknown word, the end of a sentence: the word that was meant, or all that
   * are known.
   */
  static String advice(String word, Collection<String> known, String allowed) {
    return nearest(word, known)
        .map("did you mean \"%s\"?"::formatted)
        .orElseGet(() -> allowed + " " + String.join(", ", known) + ".");
  }

  /**
   * Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours
   * count 1 each.
   */
  static int distance(String a, String b) {
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
}
