package dev.hourglass.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import dev.hourglass.data.sets.ImageDataset;
import dev.hourglass.training.folder.RunFolder;
import dev.hourglass.training.metrics.StepMetrics;
import dev.hourglass.training.validation.Validating;
import dev.hourglass.training.validation.ValidationResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidatedRunsTest {

  private static final TrainSettings SETTINGS =
      Runs.SETTINGS.withSteps(6).withValidation(Validating.every(2));

  @TempDir Path runs;

  private RunFolder folder(String name) {
    return new RunFolder(runs.resolve(name));
  }

  /** The validations that a run told of, by step. */
  private List<ValidationResult> train(String name, TrainSettings settings) {
    List<ValidationResult> results = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void validated(long step, ValidationResult result) {
            results.add(result);
          }

          @Override
          public void stepped(StepMetrics metrics) {
            assertThat(metrics.validation().isPresent()).isEqualTo(metrics.step() % 2 == 0);
          }
        };
    try (TrainingData data = TrainingData.of(new TinyModel.Images()).holdingOut(0.3);
        Trainer trainer =
            new Trainer(
                TinyModel.CONFIG, data, folder(name), settings, new Origin.Run(), listener)) {
      trainer.run();
    }
    return results;
  }

  private List<List<String>> table(String name) throws IOException {
    return Files.readAllLines(folder(name).metrics()).stream()
        .map(line -> List.of(line.split(",", -1)))
        .toList();
  }

  @Test
  void theTableOfMetricsHoldsTheLossOfEachLevelWhereItWasMeasured() throws IOException {
    List<ValidationResult> results = train("run", SETTINGS);
    List<List<String>> table = table("run");
    assertThat(table.getFirst().subList(8, 10))
        .containsExactly("validation_loss", "validation_standard_error");
    assertThat(table.getFirst()).hasSize(18);
    assertThat(table.getFirst().subList(10, 18))
        .allMatch(name -> name.startsWith("validation_at_"));
    assertThat(table.get(1).subList(8, 18)).containsOnly("");
    assertThat(table.get(2).get(8)).isEqualTo(Double.toString(results.getFirst().loss()));
    assertThat(table.get(6).get(17))
        .isEqualTo(Double.toString(results.getLast().byLevel().getLast()));
    assertThat(results).hasSize(3).allMatch(result -> result.images() == 6);
  }

  @Test
  void aRunInTwoPartsIsValidatedAsARunInOne() {
    List<ValidationResult> whole = train("one", SETTINGS);
    List<ValidationResult> parts = new ArrayList<>(train("two", SETTINGS.withSteps(4)));
    parts.addAll(train("two", SETTINGS));
    assertThat(parts).isEqualTo(whole);
  }

  @Test
  void validationDoesNotTouchTraining() throws IOException {
    trainQuietly("validated", SETTINGS);
    trainQuietly("not", SETTINGS.withValidation(Validating.NEVER));
    assertThat(Files.readAllBytes(folder("validated").checkpoint(6)))
        .isEqualTo(Files.readAllBytes(folder("not").checkpoint(6)));
  }

  @Test
  void aRunThatBeginsToValidateGetsTheColumnsThenAndKeepsThem() throws IOException {
    TrainSettings plain = SETTINGS.withValidation(Validating.NEVER);
    trainQuietly("run", plain.withSteps(2));
    assertThat(table("run")).allMatch(line -> line.size() == 8);
    trainQuietly("run", SETTINGS.withSteps(4));
    assertThat(table("run")).allMatch(line -> line.size() == 18);
    assertThat(table("run").get(1).subList(8, 18)).containsOnly("");
    assertThat(table("run").get(4).get(8)).isNotEmpty();
    trainQuietly("run", plain.withSteps(6));
    assertThat(table("run")).hasSize(7).allMatch(line -> line.size() == 18);
    assertThat(table("run").get(6).subList(8, 18)).containsOnly("");
    assertThat(folder("run").lossPlot()).exists();
  }

  private void trainQuietly(String name, TrainSettings settings) {
    try (TrainingData data = TrainingData.of(new TinyModel.Images()).holdingOut(0.3);
        Trainer trainer =
            new Trainer(
                TinyModel.CONFIG,
                data,
                folder(name),
                settings,
                new Origin.Run(),
                TrainingListener.NONE)) {
      trainer.run();
    }
  }

  @Test
  void metricsOfValidationsAtOtherLevelsAreNotMixed() throws IOException {
    trainQuietly("run", SETTINGS.withSteps(2));
    Path metrics = folder("run").metrics();
    Files.writeString(
        metrics, Files.readString(metrics).replaceFirst("validation_at_[^,]*", "validation_at_1"));
    assertThatThrownBy(() -> trainQuietly("run", SETTINGS))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("validations at other noise levels");
  }

  @Test
  void noImageIsBothTrainedOnAndHeldOut() {
    try (TrainingData data = TrainingData.of(new TinyModel.Images()).holdingOut(0.3)) {
      ImageDataset held = data.heldOut().orElseThrow().images();
      List<String> names = new ArrayList<>(names(data.images()));
      assertThat(names).doesNotContainAnyElementsOf(names(held));
      names.addAll(names(held));
      assertThat(names).containsExactlyInAnyOrderElementsOf(names(new TinyModel.Images()));
      for (int i = 0; i < held.size(); i++) {
        assertThat(held.label(i)).isEqualTo(Integer.parseInt(held.name(i).substring(6)) % 2);
      }
    }
  }

  private static List<String> names(ImageDataset images) {
    return IntStream.range(0, images.size()).mapToObj(images::name).toList();
  }
}
