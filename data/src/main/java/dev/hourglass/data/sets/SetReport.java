package dev.hourglass.data.sets;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What there is to say about a set once it is open: which files it is made of, and what was passed
 * over and why.
 *
 * @param notes whole sentences
 * @param passedOver one for each reason
 */
public record SetReport(List<String> notes, List<PassedOver> passedOver) {

  /** Nothing to say. */
  public static final SetReport NOTHING = new SetReport(List.of(), List.of());

  private static final int NAMED = 5;

  public SetReport {
    notes = List.copyOf(notes);
    passedOver = List.copyOf(passedOver);
  }

  /**
   * Things that were passed over for the same reason.
   *
   * @param count how many, at least 1
   * @param names of the first few
   */
  public record PassedOver(String reason, long count, List<String> names) {

    public PassedOver {
      names = List.copyOf(names);
    }

    /** {@code 7 passed over (reason): a, b, c, d, e and 2 more}. */
    @Override
    public String toString() {
      String more = count > names.size() ? " and %d more".formatted(count - names.size()) : "";
      return "%d passed over (%s): %s%s".formatted(count, reason, String.join(", ", names), more);
    }
  }

  /** All of it, a line each. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(notes);
    passedOver.forEach(group -> lines.add(group + "."));
    return lines;
  }

  /** Gathers a report while a set is opened. */
  static final class Builder {

    private final List<String> notes = new ArrayList<>();
    private final Map<String, Group> groups = new LinkedHashMap<>();

    private static final class Group {
      private final List<String> names = new ArrayList<>();
      private long count;
    }

    void note(String sentence) {
      notes.add(sentence);
    }

    void passOver(String reason, String name) {
      Group group = groups.computeIfAbsent(reason, r -> new Group());
      group.count++;
      if (group.names.size() < NAMED) {
        group.names.add(name);
      }
    }

    /** What to add to a sentence that refuses the set: {@code "; 1 passed over (...): x"}. */
    String clause() {
      StringBuilder clause = new StringBuilder();
      build().passedOver.forEach(group -> clause.append("; ").append(group));
      return clause.toString();
    }

    SetReport build() {
      return new SetReport(
          notes,
          groups.entrySet().stream()
              .map(e -> new PassedOver(e.getKey(), e.getValue().count, e.getValue().names))
              .toList());
    }
  }
}
