package dev.hourglass.training.optimizer;

import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.config.OptimizerConfig;
import dev.hourglass.model.Parameters;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Stochastic gradient descent with momentum, in PyTorch's form, where the decay joins the gradient:
 *
 * <pre>
 * g += decay * w,   b = momentum * b + g   (b = g at the first step)
 * w -= lr * (nesterov ? g + momentum * b : b)
 * </pre>
 */
final class Sgd extends Optimizer {

  private static final String BUFFER = "momentum";

  private final OptimizerConfig.Sgd config;

  Sgd(OptimizerConfig.Sgd config, Parameters parameters) {
    super(parameters, parameters.trained(), config.momentum() == 0 ? List.of() : List.of(BUFFER));
    this.config = config;
  }

  @Override
  void updateOne(
      ParameterSpec spec, Tensor weight, Tensor gradient, long step, double learningRate) {
    Tensor direction = gradient;
    if (spec.decayed() && config.weightDecay() != 0) {
      direction = direction.add(weight, scalar(config.weightDecay()));
    }
    if (config.momentum() != 0) {
      // The buffer is zero before the first step, so b = g there comes out by itself.
      Tensor buffer = state(BUFFER, spec).mul_(scalar(config.momentum())).add_(direction);
      direction = config.nesterov() ? direction.add(buffer, scalar(config.momentum())) : buffer;
    }
    weight.add_(direction, scalar(-learningRate));
  }
}
