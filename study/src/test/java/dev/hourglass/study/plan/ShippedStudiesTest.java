package dev.hourglass.study.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.config.cost.ModelCost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The studies that come with Hourglass can be run. */
class ShippedStudiesTest {

  private static final Path STUDIES = Path.of("..", "studies");

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(STUDIES)) {
      return files.filter(file -> file.toString().endsWith(".jsonc")).sorted().toList();
    }
  }

  private static Study load(Path file) {
    return Study.load(file, new Places(List.of(file.getParent(), STUDIES.resolve(".."))));
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyVariantIsValidAndAllAreMeasuredOnImagesHeldOut(Path file) {
    Study study = load(file);
    assertThat(study.variants()).hasSizeGreaterThan(2);
    assertThat(study.seeds()).hasSize(3);
    assertThat(study.validating()).isPresent();
  }

  @Test
  void rowsOfThePapersAblationCostWhatTheyDoInThePaperInProportion() {
    Study study = load(STUDIES.resolve("paper-ablation.jsonc"));
    long e = macs(study, "E");
    assertThat(e).isBetween(100_000_000L, 130_000_000L);
    for (String row : List.of("D", "E2", "E3", "F2")) {
      assertThat(macs(study, row)).as(row).isEqualTo(e);
    }
    assertThat((double) macs(study, "R4") / e).isBetween(2.6, 4.0); // 106 / 31 in the paper.
    assertThat((double) macs(study, "H") / e).isBetween(0.88, 0.98); // 29.1 / 31.4.
  }

  private static long macs(Study study, String variant) {
    var model = study.cell(variant, 0).config().model();
    return ModelCost.of(model, model.inputSize()).macs();
  }

  @Test
  void whatIsComparedAtEqualCostCostsAboutTheSame() {
    for (String name : List.of("06-widths", "07-depth-and-levels", "09-resolution")) {
      Study study = load(STUDIES.resolve("ten-questions").resolve(name + ".jsonc"));
      long[] costs =
          study.variants().stream()
              .mapToLong(variant -> macs(study, variant.name()))
              .sorted()
              .toArray();
      double ratio = (double) costs[costs.length - 1] / costs[0];
      assertThat(ratio).as(name).isLessThan(name.startsWith("06") ? 1.15 : 1.06);
    }
  }
}
