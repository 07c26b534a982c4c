package dev.hourglass.training;

import dev.hourglass.config.Config;
import dev.hourglass.data.Batch;
import dev.hourglass.data.sets.ImageVectors;
import dev.hourglass.model.HourglassTransformer;
import dev.hourglass.model.TrainingPass;
import dev.hourglass.ops.Ops;
import dev.hourglass.training.metrics.StepMetrics;
import dev.hourglass.training.optimizer.WeightUpdate;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;

/** Takes a run from step to step, with the images that it is given. */
final class Training {

  private final Config config;
  private final TrainSettings settings;
  private final ImageVectors vectors;
  private final RunState run;
  private final TrainingStep step;

  /**
   * @param vectors the conditions of the images, by their index in the set
   * @param run what changes; the caller closes it
   */
  Training(Config config, TrainSettings settings, ImageVectors vectors, RunState run, Ops ops) {
    this.config = config;
    this.settings = settings;
    this.vectors = vectors;
    this.run = run;
    HourglassTransformer network = new HourglassTransformer(config.model(), run.weights(), ops);
    WeightUpdate update =
        WeightUpdate.of(run.weights(), run.averages(), run.optimizer(), settings.compute().fused());
    this.step = new TrainingStep(config, network, run.weights(), update);
  }

  /**
   * One optimiser step.
   *
   * @param images gives a batch for each pass
   * @throws NotFiniteException if the loss or a gradient is not finite: before the weights are
   *     touched
   */
  StepMetrics advance(Supplier<Batch> images) {
    long start = System.nanoTime();
    TrainingState state = run.state();
    Batching batching = settings.batching();
    double loss = 0;
    for (int part = 0; part < batching.accumulation(); part++) {
      loss += accumulate(images.get(), state, part) / batching.accumulation();
      NotFiniteException.require("loss", loss);
    }
    double norm = step.gradientNorm();
    NotFiniteException.require("gradient", norm);
    double rate =
        settings.learningRate().orElse(config.optimizer().lr())
            * config.lrSchedule().factor(state.step());
    double[] decays = config.emaSchedule().decays(state.averageSteps());
    step.apply(state.step(), rate, norm, decays);
    double decay = decays[0];
    double lossAverage =
        Double.isNaN(state.lossAverage()) ? loss : decay * state.lossAverage() + (1 - decay) * loss;
    run.moveTo(state.next(batching.globalSize(), lossAverage));
    double seconds = (System.nanoTime() - start) / 1e9;
    return new StepMetrics(
        run.state().step(),
        run.state().images(),
        loss,
        lossAverage,
        norm,
        rate,
        seconds,
        batching.globalSize() / seconds,
        Optional.empty());
  }

  /** The mean loss of one pass. */
  private double accumulate(Batch images, TrainingState state, int part) {
    Batching batching = settings.batching();
    try (PointerScope scope = new PointerScope()) {
      MicroBatch batch =
          MicroBatch.of(
              config,
              images,
              vectors,
              state.seed(),
              state.step(),
              part * batching.size(),
              batching.globalSize());
      TrainingPass pass =
          new TrainingPass(state.seed(), images.firstPosition(), true, batching.checkpointing());
      return step.accumulate(batch, batching.accumulation(), pass);
    }
  }
}
