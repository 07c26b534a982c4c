package dev.hourglass.study.plan;

import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonSection;
import java.util.List;
import java.util.OptionalDouble;

/** How long each cell trains. */
public sealed interface Budget {

  /** The last step of a cell. */
  long steps(int imagesPerStep);

  /** Seconds of training after which a cell ends earlier. */
  default OptionalDouble seconds() {
    return OptionalDouble.empty();
  }

  /** In words, for tables. */
  String text();

  /** Optimiser steps. */
  record Steps(long count) implements Budget {
    @Override
    public long steps(int imagesPerStep) {
      return count;
    }

    @Override
    public String text() {
      return "%,d steps".formatted(count);
    }
  }

  /** Images drawn from the data: the last step may go beyond them. */
  record Images(long count) implements Budget {
    @Override
    public long steps(int imagesPerStep) {
      return Math.ceilDiv(count, imagesPerStep);
    }

    @Override
    public String text() {
      return "%,d images".formatted(count);
    }
  }

  /** Time in training steps. Its results depend on the machine and on what else it does. */
  record Minutes(double count) implements Budget {

    /** Beyond any time that is asked for here. */
    private static final long MOST_STEPS = 100_000_000;

    @Override
    public long steps(int imagesPerStep) {
      return MOST_STEPS;
    }

    @Override
    public OptionalDouble seconds() {
      return OptionalDouble.of(60 * count);
    }

    @Override
    public String text() {
      return "%s minutes".formatted(count);
    }
  }

  /**
   * Reads {@code {"steps": 1000}}, {@code {"images": 64000}} or {@code {"minutes": 5}}.
   *
   * @throws InputException if it is none of these
   */
  static Budget read(JsonSection section) {
    List<String> kinds = List.of("steps", "images", "minutes");
    section.allow(kinds);
    List<String> given = kinds.stream().filter(section::has).toList();
    if (given.size() != 1) {
      throw new InputException(
          "budget gives %s; give one of steps, images and minutes."
              .formatted(given.isEmpty() ? "nothing" : String.join(" and ", given)));
    }
    String kind = given.getFirst();
    double count = section.number(kind);
    boolean whole = count == Math.rint(count) && count <= 1e12;
    if (!(count > 0) || (!kind.equals("minutes") && !whole) || count > 1e12) {
      throw new InputException(
          "%s is %s; give a%s number above 0."
              .formatted(section.path(kind), count, kind.equals("minutes") ? "" : " whole"));
    }
    return switch (kind) {
      case "steps" -> new Steps((long) count);
      case "images" -> new Images((long) count);
      default -> new Minutes(count);
    };
  }
}
