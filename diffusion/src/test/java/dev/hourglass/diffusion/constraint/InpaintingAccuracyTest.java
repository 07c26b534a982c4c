package dev.hourglass.diffusion.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.diffusion.constraint.GaussianInpainting.Distance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Projection alone is biased; repeating the steps brings it nearer to the conditional law. */
class InpaintingAccuracyTest {

  private static final int STEPS = 20;
  private static PointerScope scope;
  private static GaussianInpainting problem;

  @BeforeAll
  static void make() {
    scope = new PointerScope();
    problem = new GaussianInpainting(1500);
  }

  @AfterAll
  static void free() {
    scope.close();
  }

  @Test
  void theMeasureFindsLittleWrongWithExactDraws() {
    Distance exact = problem.ofExactDraws();
    assertThat(exact.mean()).isLessThan(0.06);
    assertThat(exact.covariance()).isLessThan(0.12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"euler", "heun", "dpmpp-2m", "euler-ancestral", "dpmpp-3m-sde"})
  void repeatedStepsBringInpaintingNearerToTheConditionalLaw(String sampler) {
    Distance once = problem.of(sampler, STEPS, 1);
    Distance often = problem.of(sampler, STEPS, 8);
    assertThat(once.covariance()).isGreaterThan(2 * problem.ofExactDraws().covariance());
    assertThat(often.covariance()).isLessThan(0.7 * once.covariance());
    assertThat(often.mean()).isLessThan(once.mean());
  }

  /** Writes the table of docs/editing.md where the property says. */
  @Test
  @EnabledIfSystemProperty(named = "inpainting.table", matches = ".+")
  void table() throws IOException {
    List<String> lines = GaussianInpainting.table(4000);
    assertThat(Files.write(Path.of(System.getProperty("inpainting.table")), lines))
        .isNotEmptyFile();
  }
}
