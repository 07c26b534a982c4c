package dev.hourglass.training.optimizer;

import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.config.OptimizerConfig;
import dev.hourglass.model.Parameters;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2):
 *
 * <pre>
 * w -= lr * decay * w
 * m = b1 m + (1 - b1) g,   v = b2 v + (1 - b2) g^2
 * w -= lr / (1 - b1^t) * m / (sqrt(v / (1 - b2^t)) + eps)
 * </pre>
 */
final class AdamW extends Optimizer {

  private static final String MEAN = "mean";
  private static final String SQUARE = "square";

  private final OptimizerConfig.AdamW config;

  AdamW(OptimizerConfig.AdamW config, Parameters parameters, List<ParameterSpec> trained) {
    super(parameters, trained, List.of(MEAN, SQUARE));
    this.config = config;
  }

  OptimizerConfig.AdamW config() {
    return config;
  }

  /** The moving mean of a weight's gradients, m in the equations. */
  Tensor mean(ParameterSpec spec) {
    return state(MEAN, spec);
  }

  /** The moving mean of their squares, v in the equations. */
  Tensor square(ParameterSpec spec) {
    return state(SQUARE, spec);
  }

  @Override
  void updateOne(
      ParameterSpec spec, Tensor weight, Tensor gradient, long step, double learningRate) {
    double meanBias = 1 - Math.pow(config.beta1(), (double) step + 1);
    double squareBias = 1 - Math.pow(config.beta2(), (double) step + 1);
    if (spec.decayed()) {
      weight.mul_(scalar(1 - learningRate * config.weightDecay()));
    }
    Tensor mean = mean(spec);
    Tensor square = square(spec);
    mean.lerp_(gradient, scalar(1 - config.beta1()));
    square.mul_(scalar(config.beta2())).addcmul_(gradient, gradient, scalar(1 - config.beta2()));
    Tensor denominator =
        square.sqrt().div_(scalar(Math.sqrt(squareBias))).add_(scalar(config.eps()));
    weight.addcdiv_(mean, denominator, scalar(-learningRate / meanBias));
  }
}
