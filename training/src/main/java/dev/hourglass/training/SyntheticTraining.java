package dev.hourglass.training;

import dev.hourglass.architecture.MappingNetwork;
import dev.hourglass.config.Config;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.data.Batch;
import dev.hourglass.data.sets.ImageVectors;
import dev.hourglass.model.HourglassTransformer;
import dev.hourglass.model.Parameters;
import dev.hourglass.model.TrainingPass;
import dev.hourglass.ops.Kernels;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.Precision;
import dev.hourglass.training.optimizer.Optimizer;
import dev.hourglass.training.optimizer.WeightUpdate;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;

/**
 * Training on one batch of made-up images, to measure a step: all that {@link Trainer} does in one,
 * dropout and the drawing of noise included, but to load images and to write files.
 */
public final class SyntheticTraining implements AutoCloseable {

  private static final long SEED = 0;

  private final Config config;
  private final int batchSize;
  private final boolean checkpointing;
  private final float[] pixels; // [n, c, h, w]
  private final ImageVectors vectors;
  private final Parameters weights;
  private final Parameters average;
  private final Optimizer optimizer;
  private final TrainingStep step;
  private long steps;

  /** A fresh model, and images of the config's training size. */
  public SyntheticTraining(
      Config config, Kernels kernels, Precision precision, int batchSize, boolean checkpointing) {
    this.config = config;
    this.checkpointing = checkpointing;
    this.batchSize = batchSize;
    ModelConfig model = config.model();
    long count = (long) batchSize * model.inputChannels() * model.inputSize().area();
    this.pixels = new float[Math.toIntExact(count)];
    RandomStream.of(SEED, Purpose.SYNTHETIC_IMAGES).fillGaussian(pixels, 0, pixels.length);
    this.vectors = ImageVectors.of(new float[batchSize][model.mappingCondDim()]);
    this.weights = Parameters.initial(model, SEED);
    this.average = weights.frozenCopy();
    this.optimizer = Optimizer.of(config.optimizer(), weights);
    Ops ops = kernels.ops(precision);
    HourglassTransformer network = new HourglassTransformer(model, weights, ops);
    boolean fused = kernels != Kernels.REFERENCE;
    this.step =
        new TrainingStep(
            config, network, weights, WeightUpdate.of(weights, average, optimizer, fused));
  }

  /**
   * One optimiser step.
   *
   * @return the loss before it
   */
  public double step() {
    double loss;
    Batch batch = batch();
    try (PointerScope scope = new PointerScope()) {
      MicroBatch parts = MicroBatch.of(config, batch, vectors, SEED, steps, 0, batchSize);
      loss =
          step.accumulate(
              parts, 1, new TrainingPass(SEED, batch.firstPosition(), true, checkpointing));
    }
    double rate = config.optimizer().lr() * config.lrSchedule().factor(steps);
    step.apply(steps, rate, step.gradientNorm(), config.emaSchedule().decay(steps));
    steps++;
    return loss;
  }

  private Batch batch() {
    int classes = config.model().numClasses();
    return new Batch(
        steps * batchSize,
        batchSize,
        pixels,
        new float[batchSize * MappingNetwork.AUGMENTATION_SIZE],
        IntStream.range(0, batchSize).map(i -> classes == 0 ? -1 : i % classes).toArray(),
        IntStream.range(0, batchSize).toArray());
  }

  @Override
  public void close() {
    optimizer.close();
    average.close();
    weights.close();
  }
}
