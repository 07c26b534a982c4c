package dev.hourglass.training;

import java.util.ArrayList;
import java.util.List;

/** How the names of classes, by number, differ between a checkpoint and the data at hand. */
public final class ClassChanges {

  private static final int SHOWN = 3;

  private ClassChanges() {}

  /** A phrase for each number whose class is another; none if either side bears no names. */
  static List<String> between(List<String> before, List<String> now) {
    List<String> changes = new ArrayList<>();
    if (before.isEmpty() || now.isEmpty()) {
      return changes;
    }
    for (int i = 0; i < Math.max(before.size(), now.size()); i++) {
      String old = name(before, i);
      String current = name(now, i);
      if (!old.equals(current)) {
        changes.add("class %d was %s and is now %s".formatted(i, old, current));
      }
    }
    return changes;
  }

  private static String name(List<String> names, int number) {
    return number < names.size() ? '"' + names.get(number) + '"' : "without a name";
  }

  /** The first few of them, and how many more there are. */
  public static String sentence(List<String> changes) {
    List<String> shown = changes.subList(0, Math.min(SHOWN, changes.size()));
    int hidden = changes.size() - shown.size();
    return String.join("; ", shown) + (hidden > 0 ? "; and %d more".formatted(hidden) : "");
  }
}
