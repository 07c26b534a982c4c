package dev.hourglass.study.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import dev.hourglass.training.validation.HoldOut;
import dev.hourglass.training.validation.Validating;
import dev.hourglass.training.validation.ValidationLevels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudyTest {

  @TempDir Path folder;

  private Study with(String piece, String replacement) {
    assertThat(Studies.STUDY).contains(piece);
    return Studies.read(folder, Studies.STUDY.replace(piece, replacement));
  }

  private static List<String> digests(Study study, String variant) {
    return study.cells().stream()
        .filter(cell -> cell.variant().equals(variant))
        .map(Cell::digest)
        .toList();
  }

  @Test
  void theCellsAreThoseOfEachSeedInTurn() {
    Study study = Studies.read(folder, Studies.STUDY);
    assertThat(study.name()).isEqualTo("tiny");
    assertThat(study.baseline()).isEqualTo("base");
    assertThat(study.cells().stream().map(Cell::name))
        .containsExactly(
            "base, seed 0",
            "wide, seed 0",
            "base, seed 1",
            "wide, seed 1",
            "base, seed 2",
            "wide, seed 2");
    assertThat(study.cells().stream().map(Cell::digest)).doesNotHaveDuplicates();
  }

  @Test
  void allVariantsAreValidatedAtTheNoiseLevelsOfTheBaseline() {
    Study study =
        with(
            "\"metrics\": [\"train_loss\"],",
            "\"metrics\": [\"validation_loss\"], \"validate\": {\"share\": 0.2, \"every\": 2},");
    assertThat(study.validation()).contains(new Validation(new HoldOut.Share(0.2), 2, 256));
    ValidationLevels levels =
        ValidationLevels.of(study.cell("base", 0).config().model().diffusion());
    assertThat(study.validating()).contains(new Validating(2, 256, Optional.of(levels)));
    assertThat(Studies.read(folder, Studies.STUDY).validating()).isEmpty();
    assertThat(digests(study, "base"))
        .doesNotContainAnyElementsOf(digests(Studies.read(folder, Studies.STUDY), "base"));
  }

  @Test
  void aChangedOverlayChangesTheDigestsOfItsOwnCellsAlone() {
    Study study = Studies.read(folder, Studies.STUDY);
    Study changed = with("[32]", "[48]");
    assertThat(digests(changed, "base")).isEqualTo(digests(study, "base"));
    assertThat(digests(changed, "wide")).doesNotContainAnyElementsOf(digests(study, "wide"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"steps\": 4 | \"steps\": 5",
        "\"batch_size\": 4 | \"batch_size\": 5",
        "\"batch_size\": 4 | \"batch_size\": 4, \"lr\": 0.1",
        "\"batch_size\": 4 | \"batch_size\": 4, \"data\": \"other\"",
        "\"batch_size\": 4 | \"batch_size\": 4, \"precision\": \"fp32\"",
        "\"batch_size\": 4 | \"batch_size\": 4, \"samples\": {\"count\": 3}",
        "\"metrics\": [ | \"validate\": 0.5, \"metrics\": [",
      })
  void whateverChangesAResultChangesAllDigests(String piece, String replacement) {
    Study study = Studies.read(folder, Studies.STUDY);
    Study changed = with(piece, replacement);
    assertThat(digests(changed, "base")).doesNotContainAnyElementsOf(digests(study, "base"));
  }

  @Test
  void whatChangesNoResultChangesNoDigest() {
    Study study = Studies.read(folder, Studies.STUDY);
    Study changed =
        Studies.read(
            folder,
            Studies.STUDY
                .replace("\"seeds\": 3", "\"seeds\": [2, 1, 0, 7], // more")
                .replace("\"budget\"", "\"keep\": true, \"name\": \"other\", \"budget\""));
    assertThat(digests(changed, "base")).containsAll(digests(study, "base"));
  }

  @Test
  void theBaseMayBeAFileAndTheStudyIsWrittenWithItInside() throws Exception {
    Files.writeString(folder.resolve("base.json"), Studies.BASE);
    Study study = Studies.read(folder, Studies.STUDY.replace(Studies.BASE, "\"base.json\""));
    Study again = Studies.read(folder, study.toJson());
    Files.delete(folder.resolve("base.json"));
    assertThat(again.cells()).isEqualTo(study.cells());
    assertThat(again.cells()).isEqualTo(Studies.read(folder, Studies.STUDY).cells());
  }

  @Test
  void imagesAreStepsOfTheBatchRoundedUp() {
    assertThat(with("\"steps\": 4", "\"images\": 9").cells().getFirst().steps()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"seeds\" | \"sedes\" | did you mean \"seeds\"?",
        "\"seeds\": 3 | \"seeds\": 0 | seeds is 0; give 1 to 1000 seeds",
        "\"seeds\": 3 | \"seeds\": [] | give their number, or a list of at least one",
        "\"seeds\": 3 | \"seeds\": [1, 1] | give integers, each once",
        "\"wide\": | \"BASE\": | overlapping names, base and BASE",
        "\"wide\": | \"base\": | the key \"base\" appears twice",
        "\"wide\": | \"a/b\": | The variant name \"a/b\" must be",
        "[32] | [33] | variant wide: model.",
        "\"widths\": [32] | \"width\": [32] | variant wide: model.width is not a known key",
        "{\"model\": {\"widths\": [32]}} | {\"steps\": 3} | The variant wide sets steps, which is"
            + " not a known key",
        "{\"model\": {\"widths\": [32]}} | 3 | variants.wide is 3; give an overlay in braces",
        "train_loss | validation_loss | needs images that are held out; give validate, such as 0.1",
        "\"seeds\": 3 | \"seeds\": 3, \"validate\": 2 | must be above 0 and below 1",
        "\"seeds\": 3 | \"seeds\": 3, \"validate\": \"x\" | validate is \"x\"; give the share",
        "\"seeds\": 3 | \"seeds\": 3, \"validate\": {\"share\": 0.1, \"every\": 0} | validate.every"
            + " must",
        "train_loss | trian_loss | did you mean \"train_loss\"?",
        "[\"train_loss\"] | [] | metrics is []; give a list of at least one of",
        "\"steps\": 4 | \"steps\": 4, \"minutes\": 1 | budget gives steps and minutes",
        "\"steps\": 4 | \"steps\": 0.5 | budget.steps is 0.5; give a whole number above 0",
        "\"seeds\": 3 | \"seeds\": 3, \"baseline\": \"bsae\" | did you mean \"base\"?",
        "\"seeds\": 3 | \"seeds\": 3, \"grids\": {\"x\": [1]} | variant x=1: model.x is not a known"
            + " key",
        "\"num_classes\": 3} | \"num_classes\": 0}}, \"samples\": {\"guidance\": 2 |"
            + " samples.guidance is 2, but the variant base has no classes",
      })
  void badStudiesAreRefusedInOneSentence(String piece, String replacement, String sentence) {
    assertThatThrownBy(() -> with(piece, replacement))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("tiny.json")
        .hasMessageContaining(sentence);
  }

  @Test
  void aStudyThatIsNotThereIsCalledAStudy() {
    assertThatThrownBy(() -> Study.load(folder.resolve("no.json"), new Places(List.of())))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Cannot read the study");
  }
}
