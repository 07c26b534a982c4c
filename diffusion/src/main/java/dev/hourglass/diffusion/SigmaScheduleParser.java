package dev.hourglass.diffusion;

import dev.hourglass.core.InputException;
import dev.hourglass.core.text.Spelling;
import java.util.List;
import java.util.Locale;

/** Reads a schedule's name and the numbers after it, apart by colons. */
final class SigmaScheduleParser {

  private final String text;
  private final List<String> parts;

  private SigmaScheduleParser(String text) {
    this.text = text;
    this.parts = List.of(text.strip().toLowerCase(Locale.ROOT).split(":", -1));
  }

  static SigmaSchedule parse(String text) {
    return new SigmaScheduleParser(text).schedule();
  }

  private SigmaSchedule schedule() {
    String name = parts.getFirst();
    return switch (name) {
      case "karras" -> {
        atMost(1);
        yield new SigmaSchedule.Karras(number(1, 7));
      }
      case "exponential" -> {
        atMost(0);
        yield new SigmaSchedule.Exponential();
      }
      case "polyexponential" -> {
        atMost(1);
        yield new SigmaSchedule.PolyExponential(number(1, 1));
      }
      case "vp" -> {
        atMost(3);
        yield new SigmaSchedule.Vp(number(1, 19.9), number(2, 0.1), number(3, 1e-3));
      }
      case "flow" -> {
        atMost(1);
        yield new SigmaSchedule.Flow(number(1, 1));
      }
      default ->
          throw new InputException(
              "There is no sigma schedule \"%s\"; %s"
                  .formatted(name, Spelling.advice(name, SigmaSchedule.NAMES, "choose one of")));
    };
  }

  private void atMost(int parameters) {
    if (parts.size() - 1 > parameters) {
      throw new InputException(
          "The sigma schedule \"%s\" has %d parameters, but %s takes at most %d; leave some out."
              .formatted(text, parts.size() - 1, parts.getFirst(), parameters));
    }
  }

  private double number(int index, double otherwise) {
    if (index >= parts.size()) {
      return otherwise;
    }
    try {
      return Double.parseDouble(parts.get(index));
    } catch (NumberFormatException e) {
      throw new InputException(
          "\"%s\" in the sigma schedule \"%s\" is not a number; write for example %s:1.5."
              .formatted(parts.get(index), text, parts.getFirst()),
          e);
    }
  }
}
