package dev.hourglass.bench;

import dev.hourglass.compute.Compute;
import dev.hourglass.config.Config;
import dev.hourglass.training.Batching;
import dev.hourglass.training.SyntheticTraining;

/** One optimiser step. */
final class TrainTask implements Task {

  private final SyntheticTraining training;

  TrainTask(Config config, Compute compute, int batch, boolean checkpointing) {
    this.training = new SyntheticTraining(config, compute, new Batching(batch, 1, checkpointing));
  }

  @Override
  public void run() {
    double loss = training.step();
    if (!Double.isFinite(loss)) {
      throw new IllegalStateException("the loss became " + loss);
    }
  }

  @Override
  public void close() {
    training.close();
  }
}
