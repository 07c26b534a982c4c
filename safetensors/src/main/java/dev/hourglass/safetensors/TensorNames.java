package dev.hourglass.safetensors;

import java.util.Optional;

/** Tensor names as they appear in messages: on one line, of bounded length, with near matches. */
final class TensorNames {

  private static final int MAX_SHOWN = 120;

  private TensorNames() {}

  /** The name in double quotes, without its control characters and cut if very long. */
  static String quote(String name) {
    StringBuilder text = new StringBuilder("\"");
    int shown = 0;
    for (int i = 0; i < name.length() && shown < MAX_SHOWN; shown++) {
      int point = name.codePointAt(i);
      int type = Character.getType(point);
      boolean unprintable =
          Character.isISOControl(point)
              || type == Character.SURROGATE
              || type == Character.LINE_SEPARATOR
              || type == Character.PARAGRAPH_SEPARATOR;
      text.appendCodePoint(unprintable ? '\uFFFD' : point);
      i += Character.charCount(point);
      if (shown + 1 == MAX_SHOWN && i < name.length()) {
        text.append("...");
      }
    }
    return text.append('"').toString();
  }

  /** The candidate with the smallest edit distance, the first one among equals. */
  static Optional<String> nearest(String name, Iterable<String> candidates) {
    String nearest = null;
    int smallest = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      // The distance is at least the difference in length: most candidates need no computing.
      if (Math.abs(cut(candidate).length() - cut(name).length()) < smallest) {
        int distance = distance(cut(name), cut(candidate));
        if (distance < smallest) {
          smallest = distance;
          nearest = candidate;
        }
      }
    }
    return Optional.ofNullable(nearest);
  }

  private static String cut(String name) {
    return name.length() <= MAX_SHOWN ? name : name.substring(0, MAX_SHOWN);
  }

  /** The edit distance of Levenshtein (1966), one row of its table at a time. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
