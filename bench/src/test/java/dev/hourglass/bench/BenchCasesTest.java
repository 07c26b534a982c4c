package dev.hourglass.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCasesTest {

  @TempDir Path folder;

  private static List<String> namesOf(String... words) {
    return BenchCases.select(List.of(words)).stream().map(BenchCase::name).toList();
  }

  @Test
  void withoutWordsAllCasesAreChosenInOrder() {
    assertThat(namesOf()).isEqualTo(BenchCases.names()).startsWith("cifar10").hasSize(11);
  }

  @Test
  void theBeginningOfANameChoosesAllThatShareIt() {
    assertThat(namesOf("scaling"))
        .containsExactly(
            "scaling-128", "scaling-256", "scaling-512", "scaling-1024", "scaling-2048");
    assertThat(namesOf("flowers")).containsExactly("flowers-neighborhood", "flowers-window");
  }

  @Test
  void modelsOfOneCostAtSixtyFourPixelsAreTakenToHigherResolutions() {
    List<BenchCase> cases = BenchCases.select(List.of("resolution"));
    assertThat(cases).hasSize(6 + 5 + 5);
    long hourglass = macs(cases, "resolution-hourglass-64");
    assertThat(macs(cases, "resolution-flat-64")).isCloseTo(hourglass, within(hourglass / 10));
    // One more level for each doubling: four times the pixels, at most four times the cost.
    assertThat(macs(cases, "resolution-hourglass-2048"))
        .isLessThan(1024 * hourglass)
        .isGreaterThan(100 * hourglass);
    // Attention of all pixels to all: sixteen times for a doubling, in the end.
    assertThat(macs(cases, "resolution-flat-1024"))
        .isGreaterThan(14 * macs(cases, "resolution-flat-512"));
  }

  private static long macs(List<BenchCase> cases, String name) {
    return cases.stream()
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElseThrow()
        .workload()
        .macs();
  }

  @Test
  void aCaseThatIsNamedTwiceIsChosenOnce() {
    assertThat(namesOf("scaling-256", "cifar10", "scaling-256"))
        .containsExactly("scaling-256", "cifar10");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cifr10       | There is no case "cifr10"; did you mean "cifar10"?
          scalling-512 | There is no case "scalling-512"; did you mean "scaling-512"?
          unknown      | choose a config file or some of cifar10, flowers-neighborhood
          ''           | There is no case ""
          """)
  void anUnknownCaseIsRefusedWithItsNeighbours(String word, String message) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> namesOf(word))
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny.json", "tiny.jsonc", "tiny"})
  void aConfigFileIsACase(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, "// tiny\n" + TinyCase.CONFIG);
    BenchCase chosen = BenchCases.select(List.of(file.toString())).getFirst();
    assertThat(chosen.name()).isEqualTo("tiny");
    assertThat(chosen.workload().size()).isEqualTo(new Size(8, 12));
    assertThat(chosen.passes()).containsExactlyInAnyOrder(Pass.values());
  }

  /** The presets' as the paper gives them; neighborhoods are tokens x 49 keys x 2 x 128. */
  @ParameterizedTest
  @CsvSource({
    "flowers-neighborhood, 2, 11.636",
    "ffhq-1024, 1, 206.076",
    "neighborhood-64, 2, 0.051",
    "neighborhood-256, 1, 0.822"
  })
  void casesCostWhatTheyShould(String name, int batch, double gigaMacs) {
    BenchCase chosen = BenchCases.select(List.of(name)).getFirst();
    assertThat(chosen.batch()).isEqualTo(batch);
    assertThat(chosen.workload().macs() / 1e9).isCloseTo(gigaMacs, within(5e-4));
  }

  @Test
  void theScalingSeriesCostsTheSameForAPixelAtEverySize() {
    assertThat(BenchCases.select(List.of("scaling")))
        .allSatisfy(
            chosen ->
                assertThat((double) chosen.workload().macs() / chosen.workload().size().area())
                    .isCloseTo(193_600, within(2_000.0)));
  }

  @Test
  void batchesThatAreTooSmallOrTooLargeAreRefused() {
    BenchCase ffhq = BenchCases.select(List.of("ffhq-1024")).getFirst();
    assertThat(ffhq.withBatch(3).batch()).isEqualTo(3);
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> ffhq.withBatch(0))
        .withMessageContaining("at least 1 image, not 0");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> ffhq.withBatch(1000))
        .withMessage("A batch of 1000 images of 1024x1024 is too large; choose a smaller one.");
  }

  @Test
  void variantsAreMeasuredOnRequestOnlyAndAgainstThePapersBlock() {
    assertThat(BenchCases.names()).noneMatch(name -> name.startsWith(Variants.SERIES));
    assertThat(namesOf("variants"))
        .startsWith(Variants.PAPER, "variants-AdaLN")
        .contains("variants-nystrom", "variants-stacks")
        .hasSize(25)
        .doesNotHaveDuplicates();
    BenchCase gelu = BenchCases.select(List.of("variants-GELU")).getFirst();
    assertThat(gelu.withBatch(2).base().orElseThrow())
        .isEqualTo(BenchCases.select(List.of(Variants.PAPER)).getFirst().withBatch(2));
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> namesOf("variants-GLEU"))
        .withMessage("There is no case \"variants-GLEU\"; did you mean \"variants-GELU\"?");
  }

  @Test
  void eachVariantDiffersFromThePapersBlock() {
    List<BenchCase> variants = BenchCases.select(List.of("variants"));
    assertThat(variants).extracting(BenchCase::workload).doesNotHaveDuplicates();
    assertThat(variants.getFirst().workload())
        .isEqualTo(BenchCases.select(List.of("cifar10")).getFirst().workload());
    assertThat(variants).allSatisfy(v -> assertThat(v.workload().macs()).isPositive());
  }
}
