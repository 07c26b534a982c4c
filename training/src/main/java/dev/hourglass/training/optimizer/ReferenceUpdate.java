package dev.hourglass.training.optimizer;

import dev.hourglass.model.Parameters;

/** The update in libtorch's operations, one weight after another. */
public record ReferenceUpdate(Parameters weights, Parameters average, Optimizer optimizer)
    implements WeightUpdate {

  @Override
  public double gradientNorm() {
    return Gradients.norm(weights);
  }

  @Override
  public void apply(long step, double learningRate, double gradientScale, double averageDecay) {
    optimizer.update(step, learningRate, gradientScale);
    MovingAverage.update(average, weights, averageDecay);
  }
}
