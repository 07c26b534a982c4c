package dev.hourglass.training.metrics;

import dev.hourglass.training.validation.ValidationResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The columns that validation adds to the table of metrics: the loss, its standard error, and the
 * loss at each noise level. They are empty at steps without a validation.
 */
public record ValidationColumns(List<String> names) {

  /** For runs that do not validate. */
  public static final ValidationColumns NONE = new ValidationColumns(List.of());

  /** What the first of them is called. */
  public static final String LOSS = "validation_loss";

  public ValidationColumns {
    names = List.copyOf(names);
  }

  /**
   * Those of a validation.
   *
   * @param levels what to call its noise levels
   */
  public static ValidationColumns of(List<String> levels) {
    return new ValidationColumns(
        Stream.concat(
                Stream.of(LOSS, "validation_standard_error"),
                levels.stream().map(level -> "validation_at_" + level))
            .toList());
  }

  /** The columns of the table with these behind its own: {@code ,a,b} or nothing. */
  String header() {
    return names.stream().map(name -> "," + name).collect(Collectors.joining());
  }

  /** The end of a line: {@code ,0.1,0.2}, or as many commas. */
  String cells(Optional<ValidationResult> result) {
    if (result.isEmpty()) {
      return ",".repeat(names.size());
    }
    ValidationResult measured = result.get();
    List<Double> values = new ArrayList<>(List.of(measured.loss(), measured.standardError()));
    values.addAll(measured.byLevel());
    return values.stream().map(value -> "," + value).collect(Collectors.joining());
  }
}
