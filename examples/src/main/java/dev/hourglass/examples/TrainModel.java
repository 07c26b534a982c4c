package dev.hourglass.examples;

import dev.hourglass.config.Config;
import dev.hourglass.training.Origin;
import dev.hourglass.training.TrainSettings;
import dev.hourglass.training.Trainer;
import dev.hourglass.training.TrainingData;
import dev.hourglass.training.TrainingListener;
import dev.hourglass.training.folder.RunFolder;
import dev.hourglass.training.metrics.StepMetrics;
import java.nio.file.Path;

/** Trains a model on a folder of images and prints the loss. */
public final class TrainModel {

  private TrainModel() {}

  /** Trains for some steps into {@code run}; call it again and it goes on from there. */
  public static void train(Path configFile, Path images, Path run, long steps) {
    Config config = Config.load(configFile);
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void stepped(StepMetrics metrics) {
            System.out.printf("step %d: loss %.4f%n", metrics.step(), metrics.lossAverage());
          }
        };
    TrainSettings settings = TrainSettings.DEFAULT.withSteps(steps).withBatch(8, 1);
    try (TrainingData data = TrainingData.open(config, images);
        Trainer trainer =
            new Trainer(config, data, new RunFolder(run), settings, new Origin.Run(), listener)) {
      trainer.run();
    }
  }
}
