package dev.hourglass.training.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.training.Intervals;
import dev.hourglass.training.Origin;
import dev.hourglass.training.TinyModel;
import dev.hourglass.training.TrainSettings;
import dev.hourglass.training.Trainer;
import dev.hourglass.training.TrainingData;
import dev.hourglass.training.TrainingListener;
import dev.hourglass.training.folder.RunFolder;
import dev.hourglass.training.metrics.StepMetrics;
import dev.hourglass.training.tensorboard.EventReader.Picture;
import dev.hourglass.training.tensorboard.EventReader.Point;
import dev.hourglass.training.tensorboard.EventReader.Shown;
import dev.hourglass.training.validation.Validating;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardListenerTest {

  /** Grids and validations after steps 2, 4, 6, checkpoints after 3 and 6; and all after 7. */
  private static final TrainSettings SETTINGS =
      TrainSettings.DEFAULT
          .withSteps(7)
          .withBatch(5, 1)
          .withIntervals(new Intervals(2, 4, 3, 3))
          .withValidation(Validating.every(2));

  private static final List<String> LEVELS =
      SETTINGS.validation().levelsFor(TinyModel.CONFIG.model().diffusion()).names();

  /** What a killed process looks like from inside: nothing is saved after it. */
  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @TempDir Path runs;
  private RunFolder folder;

  @BeforeEach
  void nameFolder() {
    folder = new RunFolder(runs.resolve("run"));
  }

  private void train(TrainingListener listener) {
    try (TrainingData data = TrainingData.of(TinyModel.images()).holdingOut(0.3);
        Trainer trainer =
            new Trainer(TinyModel.CONFIG, data, folder, SETTINGS, new Origin.Run(), listener)) {
      trainer.run();
    }
  }

  private TensorBoardListener listener() {
    return new TensorBoardListener(folder, LEVELS);
  }

  /** Trains until a step, and is killed after it, or rather while it writes one event more. */
  private void trainAndKill(long after) throws IOException {
    TrainingListener killer =
        new TrainingListener() {
          @Override
          public void stepped(StepMetrics metrics) {
            if (metrics.step() == after) {
              throw new Killed();
            }
          }
        };
    try {
      train(TrainingListener.all(listener(), killer));
    } catch (Killed e) {
      Path last = EventReader.files(folder.path()).getLast();
      byte[] half = TfRecord.of(new byte[100]);
      Files.write(last, half, StandardOpenOption.APPEND);
      byte[] bytes = Files.readAllBytes(last);
      Files.write(last, Arrays.copyOf(bytes, bytes.length - 60));
    }
  }

  /** A column of the table of metrics, where it is not empty. */
  private List<Point> column(String name) throws IOException {
    List<String> lines = Files.readAllLines(folder.metrics());
    int column = List.of(lines.getFirst().split(",")).indexOf(name);
    List<Point> points = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      if (!cells[column].isEmpty()) {
        points.add(new Point(Long.parseLong(cells[0]), (float) Double.parseDouble(cells[column])));
      }
    }
    return points;
  }

  private void assertShowsWhatTheTableHolds(Shown shown) throws IOException {
    for (String name : List.of("loss", "loss_average", "gradient_norm", "learning_rate")) {
      assertThat(shown.curves().get("train/" + name)).isEqualTo(column(name)).hasSize(7);
    }
    assertThat(shown.curves().get("validation/loss")).isEqualTo(column("validation_loss"));
    assertThat(LEVELS).hasSize(8);
    for (String level : LEVELS) {
      assertThat(shown.curves().get("validation/at_" + level))
          .isEqualTo(column("validation_at_" + level))
          .hasSize(4);
    }
  }

  @Test
  void theCurvesAreThoseOfTheTableOfMetrics() throws IOException {
    train(listener());
    Shown shown = EventReader.shown(folder.path());
    assertShowsWhatTheTableHolds(shown);
    assertThat(shown.curves()).hasSize(4 + 9 + 2);
    assertThat(shown.steps("machine/images_per_second"))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 7).boxed().toList());
  }

  @Test
  void thePicturesAreTheSampleGrids() throws IOException {
    train(listener());
    List<Picture> pictures = EventReader.shown(folder.path()).pictures().get("samples");
    assertThat(pictures).extracting(Picture::step).containsExactly(2L, 4L, 6L, 7L);
    for (Picture picture : pictures) {
      assertThat(picture.png().toByteArray())
          .isEqualTo(Files.readAllBytes(folder.samples(picture.step())));
      BufferedImage image = ImageIO.read(picture.png().newInput());
      assertThat(picture.width()).isEqualTo(image.getWidth());
      assertThat(picture.height()).isEqualTo(image.getHeight());
      assertThat(picture.colorspace()).isEqualTo(image.getRaster().getNumBands());
    }
  }

  @Test
  void aKilledRunThatGoesOnShowsEachStepOnce() throws IOException {
    trainAndKill(5);
    assertThat(EventReader.shown(folder.path()).steps("train/loss")).endsWith(4L, 5L);
    train(listener());
    assertThat(EventReader.files(folder.path())).hasSize(2);
    Shown shown = EventReader.shown(folder.path());
    assertShowsWhatTheTableHolds(shown);
    assertThat(shown.pictures().get("samples"))
        .extracting(Picture::step)
        .containsExactly(2L, 4L, 6L, 7L);
  }

  @Test
  void aRunThatWasKilledBeforeItsFirstCheckpointShowsEachStepOnce() throws IOException {
    trainAndKill(2);
    trainAndKill(1);
    train(listener());
    assertThat(EventReader.files(folder.path())).hasSize(3);
    assertShowsWhatTheTableHolds(EventReader.shown(folder.path()));
  }

  @Test
  void aStartWithNothingLeftToTrainWritesNoFile() throws IOException {
    train(listener());
    train(listener());
    assertThat(EventReader.files(folder.path())).hasSize(1);
  }

  @Test
  void watchingDoesNotTouchTraining() throws IOException {
    train(listener());
    byte[] watched = Files.readAllBytes(folder.checkpoint(7));
    folder = new RunFolder(runs.resolve("other"));
    train(TrainingListener.NONE);
    assertThat(EventReader.files(folder.path())).isEmpty();
    assertThat(folder.checkpoint(7)).hasBinaryContent(watched);
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "/proc is Linux's")
  void theMemoryIsTheResidentSetThatTheSystemTells() throws IOException {
    train(listener());
    String line =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(l -> l.startsWith("VmRSS:"))
            .findFirst()
            .orElseThrow();
    double mib = Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
    float shown =
        EventReader.shown(folder.path()).curves().get("machine/resident_mib").getLast().value();
    assertThat((double) shown).isBetween(mib / 1.5, mib * 1.5);
  }
}
