package dev.hourglass.study.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonText;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class GridTest {

  private static List<Variant> variants(String json) {
    return Grid.variants(JsonText.parseObject(json));
  }

  /**
   * Axes a, b, c, ... of so many values each: all combinations, each once, each as its name says.
   */
  @Property(tries = 100)
  void theProductHasEachCombinationOnceAndItsNameSaysWhich(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 4) Integer> sizes) {
    ObjectNode axes = Overlay.empty();
    int product = 1;
    for (int axis = 0; axis < sizes.size(); axis++) {
      ArrayNode values = axes.putArray("model.k" + axis);
      for (int value = 0; value < sizes.get(axis); value++) {
        values.add(10 * axis + value);
      }
      product *= sizes.get(axis);
    }
    List<Variant> variants = Grid.variants(axes);
    assertThat(variants).hasSize(product);
    assertThat(variants.stream().map(Variant::name)).doesNotHaveDuplicates();
    assertThat(variants.stream().map(Variant::overlay)).doesNotHaveDuplicates();
    for (Variant variant : variants) {
      List<String> parts = new ArrayList<>();
      variant
          .overlay()
          .get("model")
          .properties()
          .forEach(entry -> parts.add(entry.getKey() + "=" + entry.getValue()));
      assertThat(variant.name()).isEqualTo(String.join(",", parts)).hasSizeLessThan(100);
    }
  }

  @Test
  void listsAndWordsAreReadableInNames() {
    assertThat(
            variants(
                    "{\"widths\": [[32, 64], [64, 64]], \"optimizer.type\": [\"adamw\", \"muon\"]}")
                .stream()
                .map(Variant::name))
        .containsExactly(
            "widths=32-64,type=adamw",
            "widths=32-64,type=muon",
            "widths=64-64,type=adamw",
            "widths=64-64,type=muon");
  }

  @Test
  void aKeyWithoutADotIsOneOfTheModelOrOneOfTheStudy() {
    assertThat(variants("{\"widths\": [[1]]}").getFirst().overlay())
        .isEqualTo(JsonText.parseObject("{\"model\": {\"widths\": [1]}}"));
    assertThat(variants("{\"batch_size\": [8]}").getFirst().overlay())
        .isEqualTo(JsonText.parseObject("{\"batch_size\": 8}"));
  }

  @Test
  void objectsAreNumberedUnlessTheyAreNamed() {
    assertThat(variants("{\"self_attns\": [[{\"type\": \"global\"}]]}").getFirst().name())
        .isEqualTo("self_attns=#1");
    assertThat(
            variants("{\"attention\": {\"all-global\": {\"model\": {\"depths\": [1]}}}}")
                .getFirst())
        .isEqualTo(
            new Variant(
                "attention=all-global", JsonText.parseObject("{\"model\": {\"depths\": [1]}}")));
  }

  @Test
  void axesWithoutOrWithTheSameValuesAreRefused() {
    assertThatThrownBy(() -> variants("{\"widths\": []}"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("grids.widths is empty");
    assertThatThrownBy(() -> variants("{\"x\": [1, 1]}"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("two values that read x=1");
    assertThatThrownBy(() -> variants("{\"x\": 3}"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("grids.x is 3; give a list of values");
  }
}
