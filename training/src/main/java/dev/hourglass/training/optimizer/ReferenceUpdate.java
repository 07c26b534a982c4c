package dev.hourglass.training.optimizer;

import dev.hourglass.model.Parameters;
import java.util.List;

/** The update in libtorch's operations, one weight after another. */
public record ReferenceUpdate(Parameters weights, List<Parameters> averages, Optimizer optimizer)
    implements WeightUpdate {

  /** Copies the list. */
  public ReferenceUpdate {
    averages = List.copyOf(averages);
  }

  @Override
  public double gradientNorm() {
    return Gradients.norm(weights);
  }

  @Override
  public void apply(long step, double learningRate, double gradientScale, double... averageDecays) {
    optimizer.update(step, learningRate, gradientScale);
    for (int i = 0; i < averages.size(); i++) {
      MovingAverage.update(averages.get(i), weights, averageDecays[i]);
    }
  }
}
