package dev.hourglass.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.hourglass.compute.Compute;
import dev.hourglass.compute.Kernels;
import dev.hourglass.config.Config;
import dev.hourglass.core.InputException;
import dev.hourglass.data.sets.ImageVectors;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.ops.Precision;
import dev.hourglass.sampling.ImageGenerator;
import dev.hourglass.sampling.SampleListener;
import dev.hourglass.sampling.SampleRequest;
import dev.hourglass.sampling.SampleSettings;
import dev.hourglass.training.folder.CheckpointStore;
import dev.hourglass.training.folder.RunFolder;
import dev.hourglass.training.metrics.StepMetrics;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainerTest {

  private static final TrainSettings SETTINGS =
      TrainSettings.DEFAULT.withBatch(5, 2).withIntervals(new Intervals(0, 4, 1000, 2));

  @TempDir Path runs;

  private RunFolder folder(String name) {
    return new RunFolder(runs.resolve(name));
  }

  private void train(String name, TrainSettings settings) {
    train(name, settings, new Origin.Run(), TrainingListener.NONE);
  }

  private void train(
      String name, TrainSettings settings, Origin origin, TrainingListener listener) {
    try (TrainingData images = TrainingData.of(new TinyModel.Images());
        Trainer trainer =
            new Trainer(TinyModel.CONFIG, images, folder(name), settings, origin, listener)) {
      trainer.run();
    }
  }

  private byte[] checkpoint(String name, long step) throws IOException {
    return Files.readAllBytes(folder(name).checkpoint(step));
  }

  @Test
  void aRunInTwoPartsEndsWithTheSameBytesAsARunInOne() throws IOException {
    train("one", SETTINGS.withSteps(7));
    train("two", SETTINGS.withSteps(3));
    train("two", SETTINGS.withSteps(7));
    assertThat(checkpoint("two", 7)).isEqualTo(checkpoint("one", 7));
  }

  @ParameterizedTest
  @EnumSource(names = {"FP32", "BF16"})
  void theNumberOfThreadsChangesNothing(Precision precision) throws IOException {
    TrainSettings settings =
        SETTINGS.withSteps(4).withCompute(new Compute(Kernels.VECTOR, precision));
    int before = Workers.shared().count();
    try {
      Workers.setThreads(1);
      train("alone", settings);
      Workers.setThreads(3);
      train("three", settings);
    } finally {
      Workers.setThreads(before);
    }
    assertThat(checkpoint("three", 4)).isEqualTo(checkpoint("alone", 4));
  }

  @Test
  void ourKernelsTrainAsTheReferenceDoes() throws IOException {
    TrainSettings settings = SETTINGS.withSteps(20);
    train("vector", settings.withCompute(new Compute(Kernels.VECTOR, Precision.FP32)));
    train("reference", settings.withCompute(new Compute(Kernels.REFERENCE, Precision.FP32)));
    assertThat(losses("vector").getLast())
        .isCloseTo(losses("reference").getLast(), withinPercentage(0.1));
  }

  @Test
  void checkpointingBlocksChangesNothingButRounding() throws IOException {
    train("plain", SETTINGS.withSteps(2));
    train("recomputed", SETTINGS.withSteps(2).withBatching(new Batching(5, 2, true)));
    assertThat(losses("recomputed").getLast())
        .isCloseTo(losses("plain").getLast(), org.assertj.core.api.Assertions.within(1e-5));
  }

  @Test
  void bfloat16TrainsAlmostAsFloat32Does() throws IOException {
    train("fp32", SETTINGS.withSteps(20).withCompute(new Compute(Kernels.AUTO, Precision.FP32)));
    train("bf16", SETTINGS.withSteps(20).withCompute(new Compute(Kernels.AUTO, Precision.BF16)));
    assertThat(losses("bf16").getLast()).isNotEqualTo(losses("fp32").getLast());
    assertThat(losses("bf16").getLast()).isCloseTo(losses("fp32").getLast(), withinPercentage(5));
  }

  @Test
  void aVectorConditionalModelTrainsOnTheVectorsBesideItsImages() throws IOException {
    Config config =
        Config.parse(
            TinyModel.CONFIG.toJson().replace("\"mapping_cond_dim\": 0", "\"mapping_cond_dim\": 3"),
            "test");
    assertThat(config.model().mappingCondDim()).isEqualTo(3);
    StringBuilder lines = new StringBuilder();
    TinyModel.Images images = new TinyModel.Images();
    for (int i = 0; i < images.size(); i++) {
      lines.append("%s,%d,0.5,-1%n".formatted(images.name(i), images.label(i)));
    }
    Files.writeString(runs.resolve(ImageVectors.FILE_NAME), lines);
    TrainingData data = new TrainingData(images, ImageVectors.read(images, runs, 3));
    try (Trainer trainer =
        new Trainer(
            config,
            data,
            folder("vectors"),
            SETTINGS.withSteps(3).withIntervals(new Intervals(3, 4, 1000, 2)),
            new Origin.Run(),
            TrainingListener.NONE)) {
      trainer.run();
    }
    assertThat(losses("vectors")).hasSize(3).allMatch(Double::isFinite);
    assertThat(folder("vectors").samples(3)).exists();
    assertThat(folder("vectors").lossPlot()).exists();
  }

  @Test
  void aResumedRunContinuesItsMetricsWithoutGapsOrDoubles() throws IOException {
    train("run", SETTINGS.withSteps(3));
    Files.writeString(
        folder("run").metrics(),
        "4,40,0.5,0.5,1,0.1,1,1\nhalf a li",
        java.nio.file.StandardOpenOption.APPEND);
    train("run", SETTINGS.withSteps(5));
    assertThat(
            Files.readAllLines(folder("run").metrics()).stream().skip(1).map(l -> l.split(",")[0]))
        .containsExactly("1", "2", "3", "4", "5");
  }

  @Test
  void itLearnsToTellTheClassesApart() {
    train("run", SETTINGS.withSteps(150).withBatch(16, 1).withLearningRate(3e-3));
    assertThat(brightness("run", 150, 1)).isGreaterThan(brightness("run", 150, 0) + 60);
  }

  /** The mean gray value of a few images of a class. */
  private double brightness(String name, long step, int classNumber) {
    java.util.DoubleSummaryStatistics mean = new java.util.DoubleSummaryStatistics();
    try (ImageGenerator generator = ImageGenerator.load(folder(name).checkpoint(step))) {
      generator.generate(
          SampleRequest.of(4).withClasses(List.of(classNumber)),
          SampleSettings.DEFAULT.withSteps(10),
          SampleListener.NONE,
          image -> {
            BufferedImage picture = image.image();
            for (int i = 0; i < picture.getWidth() * picture.getHeight(); i++) {
              mean.accept(
                  picture.getRaster().getSample(i % picture.getWidth(), i / picture.getWidth(), 0));
            }
          });
    }
    return mean.getAverage();
  }

  @Test
  void onlyTheNewestCheckpointsStay() {
    train("run", SETTINGS.withSteps(7).withIntervals(new Intervals(0, 4, 2, 2)));
    assertThat(folder("run").checkpoints().toFile().list())
        .containsExactlyInAnyOrder("step-00000006.safetensors", "step-00000007.safetensors");
  }

  @Test
  void anotherConfigIsRefusedWithItsDifferences() {
    train("run", SETTINGS.withSteps(1));
    Config other =
        Config.parse(
            TinyModel.CONFIG.toJson().replace("\"num_classes\": 2", "\"num_classes\": 3"), "other");
    assertThat(other).isNotEqualTo(TinyModel.CONFIG);
    try (TrainingData images = TrainingData.of(new TinyModel.Images())) {
      assertThatThrownBy(
              () ->
                  new Trainer(
                          other,
                          images,
                          folder("run"),
                          SETTINGS,
                          new Origin.Run(),
                          TrainingListener.NONE)
                      .close())
          .isInstanceOf(InputException.class)
          .hasMessageContaining("another config")
          .hasMessageContaining("dataset.num_classes");
    }
  }

  @Test
  void anotherSeedIsRefused() {
    train("run", SETTINGS.withSteps(1).withSeed(5));
    assertThatThrownBy(() -> train("run", SETTINGS.withSteps(2).withSeed(6)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("seed 5");
    train("run", SETTINGS.withSteps(2));
  }

  @Test
  void aLossThatIsNotFiniteStopsTheRunBeforeTheWeightsChangeAndNamesTheCheckpoint()
      throws IOException {
    train("run", SETTINGS.withSteps(2));
    byte[] good = checkpoint("run", 2);
    assertThatThrownBy(() -> train("run", SETTINGS.withSteps(60).withLearningRate(1e30)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Training stopped before step")
        .hasMessageContaining("step-00000002.safetensors");
    assertThat(checkpoint("run", 2)).isEqualTo(good);
    assertThat(new CheckpointStore(folder("run")).latest())
        .contains(new CheckpointStore.Pointer(folder("run").checkpoint(2), 2));
  }

  @Test
  void fineTuningStartsAtStepZeroFromTheAveragedWeights() throws IOException {
    train("base", SETTINGS.withSteps(4));
    train(
        "tuned",
        SETTINGS.withSteps(1),
        new Origin.Weights(folder("base").checkpoint(4)),
        TrainingListener.NONE);
    assertThat(losses("tuned")).hasSize(1);
    assertThat(losses("tuned").getFirst()).isNotEqualTo(losses("base").getFirst());
  }

  @Test
  void someHundredStepsOfTrainingAndSamplingLeaveMemoryFlat() {
    long[] after = new long[2];
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void stepped(StepMetrics metrics) {
            if (metrics.step() == 150 || metrics.step() == 400) {
              System.gc();
              after[metrics.step() == 150 ? 0 : 1] = Pointer.physicalBytes();
            }
          }
        };
    train(
        "run",
        SETTINGS.withSteps(400).withIntervals(new Intervals(50, 4, 100, 2)),
        new Origin.Run(),
        listener);
    assertThat(after[1] - after[0]).isLessThan(48L << 20);
  }

  private List<Double> losses(String name) throws IOException {
    return Files.readAllLines(folder(name).metrics()).stream()
        .skip(1)
        .map(line -> Double.parseDouble(line.split(",")[2]))
        .toList();
  }
}
