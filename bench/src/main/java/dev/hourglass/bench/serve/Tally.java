package dev.hourglass.bench.serve;

import java.util.Map;
import java.util.TreeMap;

/** How often what happened. Any number of threads may count. */
public final class Tally {

  private final Map<String, Long> counts = new TreeMap<>();

  /** Once more. */
  public synchronized void count(String what) {
    counts.merge(what, 1L, Long::sum);
  }

  /** All of it, by name. */
  public synchronized Map<String, Long> counts() {
    return new TreeMap<>(counts);
  }

  synchronized long of(String what) {
    return counts.getOrDefault(what, 0L);
  }

  /** A Markdown table. */
  public String table() {
    StringBuilder table = new StringBuilder("| what | how often |\n|---|---:|\n");
    counts().forEach((what, count) -> table.append("| %s | %d |%n".formatted(what, count)));
    return table.toString();
  }
}
