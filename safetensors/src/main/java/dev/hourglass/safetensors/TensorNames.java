package dev.hourglass.safetensors;

import dev.hourglass.core.InputException;
import dev.hourglass.core.text.Spelling;
import java.nio.file.Path;
import java.util.Set;

/** Tensor names as they appear in messages: on one line, of bounded length. */
public final class TensorNames {

  private static final int MAX_SHOWN = 120;

  private TensorNames() {}

  /** The refusal of a name that a file does not have, with the nearest that it has. */
  public static InputException missing(Path file, String name, Set<String> names) {
    String advice =
        Spelling.meant(name, names)
            .map(meant -> "did you mean %s?".formatted(quote(meant)))
            .or(
                () ->
                    Spelling.nearest(name, names)
                        .map(
                            nearest ->
                                "the nearest of its %d names is %s, so choose another file."
                                    .formatted(names.size(), quote(nearest))))
            .orElse("it holds no tensors at all, so choose another file.");
    return new InputException("%s has no tensor %s; %s".formatted(file, quote(name), advice));
  }

  /** The name in double quotes, without its control characters and cut if very long. */
  public static String quote(String name) {
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
