package dev.hourglass.sampling.sweep;

import dev.hourglass.core.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The rows or columns of a sweep.
 *
 * @param setting what changes along it
 * @param values one a row or column, at least one, none twice
 */
public record SweepAxis(SweptSetting setting, List<String> values) {

  public SweepAxis {
    values = List.copyOf(values);
    if (values.isEmpty() || values.stream().distinct().count() < values.size()) {
      throw new InputException(
          "A sweep of %s needs different values, not %s; write for example %s=%s."
              .formatted(setting.text(), values, setting.text(), "1,2,3"));
    }
  }

  /**
   * An axis from text such as {@code guidance=1,1.5,2}.
   *
   * @throws InputException if nothing of this name can be swept, or there are no values
   */
  public static SweepAxis parse(String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw new InputException(
          "\"%s\" is not a sweep; write a name and values, for example guidance=1,1.5,2."
              .formatted(text));
    }
    List<String> values =
        Arrays.stream(text.substring(equals + 1).split(",", -1))
            .map(String::strip)
            .filter(value -> !value.isEmpty())
            .toList();
    return new SweepAxis(SweptSetting.of(text.substring(0, equals).strip()), values);
  }

  /** A cell with each of the values. */
  Stream<Cell> along(Cell cell) {
    return values.stream().map(value -> setting.apply(cell, value));
  }

  /** What stands beside each row or above each column. */
  public List<String> labels() {
    return values.stream().map(value -> setting.text() + " " + value).toList();
  }
}
