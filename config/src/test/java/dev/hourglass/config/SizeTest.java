package dev.hourglass.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hourglass.core.InputException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SizeTest {

  @Test
  void oneNumberIsASquare() {
    assertThat(Size.parse("256")).isEqualTo(new Size(256, 256));
  }

  @Test
  void heightComesFirst() {
    assertThat(Size.parse("24x32")).isEqualTo(new Size(24, 32));
    assertThat(new Size(24, 32)).hasToString("24x32");
  }

  @Property
  void printingAndParsingAgree(
      @ForAll @IntRange(min = 1, max = 999_999_999) int height,
      @ForAll @IntRange(min = 1, max = 999_999_999) int width) {
    Size size = new Size(height, width);
    assertThat(Size.parse(size.toString())).isEqualTo(size);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "24x", "24*32", "-3", "9999999999"})
  void otherTextIsRefused(String text) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Size.parse(text))
        .withMessage(
            "\"%s\" is not a size; write one side, such as 256, or height x width, such as 24x32.",
            text);
  }

  @Test
  void emptySizesAreRefused() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Size.parse("0x32"))
        .withMessage("A size of 0x32 has no area; give a positive height and width.");
  }

  @Test
  void areaDoesNotOverflow() {
    assertThat(new Size(1 << 20, 1 << 20).area()).isEqualTo(1L << 40);
  }
}
