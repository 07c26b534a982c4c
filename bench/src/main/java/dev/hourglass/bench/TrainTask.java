package dev.hourglass.bench;

import dev.hourglass.config.Config;
import dev.hourglass.ops.Kernels;
import dev.hourglass.ops.Precision;
import dev.hourglass.training.SyntheticTraining;

/** One optimiser step. */
final class TrainTask implements Task {

  private final SyntheticTraining training;

  TrainTask(Config config, Kernels kernels, Precision precision, int batch, boolean checkpointing) {
    this.training = new SyntheticTraining(config, kernels, precision, batch, checkpointing);
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
