package dev.hourglass.diffusion;

import java.util.Collection;
import java.util.Comparator;

/** "Did you mean": the known name with the smallest edit distance to what was typed. */
public final class NearestName {

  private NearestName() {}

  /**
   * The end of a sentence about an unknown name: the nearest known name, if any is near, and all.
   */
  public static String hint(String typed, Collection<String> names) {
    String all = String.join(", ", names);
    return names.stream()
        .filter(name -> distance(typed, name) <= Math.max(2, typed.length() / 3))
        .min(Comparator.comparingInt(name -> distance(typed, name)))
        .map(name -> "; did you mean \"%s\"? Known are: %s.".formatted(name, all))
        .orElse("; known are: " + all + ".");
  }

  /** Levenshtein's distance: insertions, deletions and replacements of one character. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replace, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
