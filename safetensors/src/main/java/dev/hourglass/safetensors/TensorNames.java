package dev.hourglass.safetensors;

/** Tensor names as they appear in messages: on one line, of bounded length. */
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
}
