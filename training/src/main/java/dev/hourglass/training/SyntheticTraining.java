package dev.hourglass.training;

import dev.hourglass.architecture.MappingNetwork;
import dev.hourglass.compute.Compute;
import dev.hourglass.config.Config;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.data.Batch;
import dev.hourglass.data.sets.ImageVectors;
import java.util.stream.IntStream;

/**
 * Training on one batch of made-up images, to measure a step: all that {@link Trainer} does in one,
 * dropout and the drawing of noise included, but to load images and to write files.
 */
public final class SyntheticTraining implements AutoCloseable {

  private static final long SEED = 0;

  private final Config config;
  private final int batchSize;
  private final float[] pixels; // [n, c, h, w]
  private final RunState run;
  private final Training training;

  /** A fresh model, and images of the config's training size. */
  public SyntheticTraining(Config config, Compute compute, Batching batching) {
    this.config = config;
    this.batchSize = batching.size();
    ModelConfig model = config.model();
    long count = (long) batchSize * model.inputChannels() * model.inputSize().area();
    this.pixels = new float[Math.toIntExact(count)];
    RandomStream.of(SEED, Purpose.SYNTHETIC_IMAGES).fillGaussian(pixels, 0, pixels.length);
    this.run =
        RunState.open(
            config, new RunStart.Fresh(TrainingState.start(SEED), RunStart.AverageReset.NOT_ASKED));
    this.training =
        new Training(
            config,
            TrainSettings.DEFAULT.withBatching(batching).withCompute(compute),
            ImageVectors.of(new float[batchSize][model.mappingCondDim()]),
            run,
            compute.ops());
  }

  /**
   * One optimiser step.
   *
   * @return the loss before it
   */
  public double step() {
    return training.advance(this::batch).loss();
  }

  private Batch batch() {
    int classes = config.model().numClasses();
    return new Batch(
        run.state().images(),
        batchSize,
        pixels,
        new float[batchSize * MappingNetwork.AUGMENTATION_SIZE],
        IntStream.range(0, batchSize).map(i -> classes == 0 ? -1 : i % classes).toArray(),
        IntStream.range(0, batchSize).toArray());
  }

  @Override
  public void close() {
    run.close();
  }
}
