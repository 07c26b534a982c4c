package dev.hourglass.training;

import dev.hourglass.autograd.Tape;
import dev.hourglass.config.Config;
import dev.hourglass.diffusion.Losses;
import dev.hourglass.diffusion.NoisyImages;
import dev.hourglass.model.HourglassTransformer;
import dev.hourglass.model.Parameters;
import dev.hourglass.model.TrainingPass;
import dev.hourglass.training.optimizer.Gradients;
import dev.hourglass.training.optimizer.WeightUpdate;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** The mathematics of one optimiser step: loss and gradients, clipping, update, averages. */
final class TrainingStep {

  private final Parameters weights;
  private final WeightUpdate update;
  private final HourglassTransformer network;
  private final Losses losses;

  TrainingStep(
      Config config, HourglassTransformer network, Parameters weights, WeightUpdate update) {
    this.network = network;
    this.weights = weights;
    this.update = update;
    this.losses = Losses.of(config.model().diffusion());
  }

  /**
   * Adds a batch's share to the gradients.
   *
   * @param parts batches that make one step
   * @return the batch's mean loss; if it is not finite the gradients are of no use
   */
  double accumulate(MicroBatch batch, int parts, TrainingPass pass) {
    try (PointerScope scope = new PointerScope();
        Tape tape = new Tape()) {
      Tensor loss =
          losses
              .perImage(
                  (input, sigma) -> network.forward(input, sigma, batch.conditioning(), pass),
                  NoisyImages.of(batch.images(), batch.noise(), batch.sigma()))
              .mean();
      double value = loss.item_double();
      if (Double.isFinite(value)) {
        loss.div(new Scalar((double) parts)).backward();
      }
      return value;
    }
  }

  /** The norm of the accumulated gradients, before clipping. */
  double gradientNorm() {
    return update.gradientNorm();
  }

  /**
   * Clips and applies the accumulated gradients, updates the averaged weights, and clears the
   * gradients.
   *
   * @param step counts from 0
   * @param averageDecays of this step
   */
  void apply(long step, double learningRate, double gradientNorm, double... averageDecays) {
    update.apply(step, learningRate, Gradients.clipFactor(gradientNorm), averageDecays);
    Gradients.clear(weights);
  }
}
