package dev.hourglass.cli;

import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** From the text of an option to its value. */
final class Converters {

  static final ITypeConverter<Size> SIZE = Converters.of(Size::parse);

  private Converters() {}

  /** Lets picocli name the option in front of our sentence. */
  private static <T> ITypeConverter<T> of(Function<String, T> parse) {
    return text -> {
      try {
        return parse.apply(text);
      } catch (InputException e) {
        throw new TypeConversionException(e.getMessage());
      }
    };
  }

  /**
   * Numbers with commas between them; no numbers for the empty text.
   *
   * @throws InputException if a part is not a finite number
   */
  static List<Float> floats(String text) {
    List<Float> numbers = new ArrayList<>();
    for (String part : parts(text)) {
      try {
        float number = Float.parseFloat(part);
        if (Float.isFinite(number)) {
          numbers.add(number);
          continue;
        }
      } catch (NumberFormatException e) {
        // Reported below, together with what is a number but not finite.
      }
      throw new InputException(
          "\"%s\" in \"%s\" is not a finite number; write for example 0.1,-2.5."
              .formatted(part, text));
    }
    return numbers;
  }

  /** What stands between commas, without blanks around it. */
  static List<String> parts(String text) {
    return text.isBlank()
        ? List.of()
        : List.of(text.split(",", -1)).stream().map(String::strip).toList();
  }
}
