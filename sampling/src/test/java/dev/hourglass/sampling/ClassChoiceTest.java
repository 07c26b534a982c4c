package dev.hourglass.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassChoiceTest {

  private static final Path MODEL = Path.of("m.safetensors");

  @Test
  void numbersAndNamesStandInOneList() {
    ClassChoice choice = of("blue", "green", "red");
    assertThat(choice.numbers("red, 0,GREEN")).containsExactly(2, 0, 1);
  }

  @Test
  void anExactNameComesBeforeOneThatDiffersInCase() {
    ClassChoice choice = of("Food", "food", "Drink");
    assertThat(choice.numbers("food,Food,drink")).containsExactly(1, 0, 2);
    assertThatThrownBy(() -> choice.numbers("FOOD"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "'FOOD' is the name of several classes in m.safetensors; choose by number: 0 (Food), 1"
                + " (food).");
  }

  @Test
  void namesWithCommasAreQuotedOrStandAlone() {
    ClassChoice choice = of("Food, Drink", "a \"b\"", " blanks ", "x");
    assertThat(choice.numbers("Food, Drink")).containsExactly(0);
    assertThat(choice.numbers("food, drink")).containsExactly(0);
    assertThat(choice.numbers("x, \"Food, Drink\" ,\"a \"\"b\"\"\",\" blanks \""))
        .containsExactly(3, 0, 1, 2);
    assertThatThrownBy(() -> choice.numbers("\"Food, Drink,x"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "The quote in \"Food, Drink,x has no end; close it, or write two for one that belongs"
                + " to the name.");
    assertThatThrownBy(() -> choice.numbers("y"))
        .hasMessage(
            "There is no class 'y' in m.safetensors; choose a number from 0 to 3 or a name: \"Food,"
                + " Drink\", \"a \"\"b\"\"\", \" blanks \", x.");
  }

  @Test
  void aNameMadeOfDigitsIsAName() {
    assertThat(of("7", "1", "0").numbers("0,1,2")).containsExactly(2, 1, 2);
  }

  @Test
  void accentsMayBeWrittenApartOrTogether() {
    assertThat(of("x", "caf\u00e9").numbers("cafe\u0301")).containsExactly(1);
    assertThat(of("x", "cafe\u0301").numbers("caf\u00e9")).containsExactly(1);
  }

  @Test
  void sameNamesAreChosenByNumber() {
    ClassChoice choice = of("a", "a");
    assertThat(choice.numbers("1")).containsExactly(1);
    assertThatThrownBy(() -> choice.numbers("a")).hasMessageContaining("0 (a), 1 (a).");
  }

  @Test
  void longListsAreAbridgedAndModelsWithoutClassesSaySo() {
    String[] many = IntStream.range(0, 60).mapToObj(i -> "n" + i).toArray(String[]::new);
    assertThatThrownBy(() -> of(many).numbers("x")).hasMessageEndingWith("n49 and 10 more.");
    assertThatThrownBy(() -> of().numbers("x"))
        .hasMessage("m.safetensors has no classes, so 'x' cannot be chosen; leave the class out.");
  }

  private static ClassChoice of(String... names) {
    return new ClassChoice(MODEL, names.length, List.of(names));
  }
}
