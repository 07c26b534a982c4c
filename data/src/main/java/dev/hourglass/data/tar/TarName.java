package dev.hourglass.data.tar;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a tar file's entry, taken apart as WebDataset does: the key, which the entries of one
 * sample share, goes up to the first dot of the base name, the ending follows it. Where a part of
 * the ending begins with a digit, as in {@code 22.05.png}, it belongs to the key all the same.
 *
 * @param key with folders
 * @param ending in lower case, without the dot: {@code png}, {@code seg.png}
 */
public record TarName(String key, String ending) {

  private static final Pattern PARTS =
      Pattern.compile("((?:.*/)?[^/]*?)\\.([^./\\d][^./]*(?:\\.[^./\\d][^./]*)*)", Pattern.DOTALL);

  /** What may hold a label, first the surest. */
  private static final List<String> LABELS = List.of("cls", "cls.txt", "cls.json", "json");

  /** Takes a name apart. */
  public static TarName of(String name) {
    Matcher parts = PARTS.matcher(name);
    return parts.matches()
        ? new TarName(parts.group(1), parts.group(2).toLowerCase(Locale.ROOT))
        : new TarName(name, "");
  }

  /** Whether the ending has one part. */
  public boolean isPlain() {
    return ending.indexOf('.') < 0;
  }

  /** Which of the endings of labels this ends in; none if it is no label's. */
  public Optional<String> labelEnding() {
    return LABELS.stream()
        .filter(label -> ending.equals(label) || ending.endsWith("." + label))
        .max(Comparator.comparingInt(String::length));
  }

  /** How sure a label is that has such an ending: 0 is surest. */
  public static int rank(String labelEnding) {
    return LABELS.indexOf(labelEnding);
  }
}
