package dev.hourglass.config;

import dev.hourglass.core.InputException;
import dev.hourglass.json.Require;

/**
 * The optimiser. Everything in the mapping network and every AdaRMSNorm linear trains at a third of
 * {@link #lr()}; weight decay applies to the projections only.
 */
public sealed interface OptimizerConfig {

  double DEFAULT_LR = 5e-4;
  double DEFAULT_BETA_1 = 0.9;
  double DEFAULT_BETA_2 = 0.99;
  double DEFAULT_EPS = 1e-8;
  double DEFAULT_WEIGHT_DECAY = 1e-4;

  /** The base learning rate, before the schedule's factor. */
  double lr();

  /**
   * Adam with decoupled weight decay.
   *
   * @param lr positive
   * @param beta1 decay of the mean of gradients, in [0, 1)
   * @param beta2 decay of the mean of squared gradients, in [0, 1)
   * @param eps positive
   * @param weightDecay 0 or more
   */
  record AdamW(double lr, double beta1, double beta2, double eps, double weightDecay)
      implements OptimizerConfig {
    public AdamW {
      Require.positive("optimizer.lr", lr);
      Require.belowOne("optimizer.betas[0]", beta1);
      Require.belowOne("optimizer.betas[1]", beta2);
      Require.positive("optimizer.eps", eps);
      Require.notNegative("optimizer.weight_decay", weightDecay);
    }
  }

  /**
   * Stochastic gradient descent with (coupled) weight decay.
   *
   * @param lr positive
   * @param momentum in [0, 1)
   * @param nesterov whether to look ahead; needs momentum
   * @param weightDecay 0 or more
   */
  record Sgd(double lr, double momentum, boolean nesterov, double weightDecay)
      implements OptimizerConfig {
    public Sgd {
      Require.positive("optimizer.lr", lr);
      Require.belowOne("optimizer.momentum", momentum);
      if (nesterov && momentum == 0) {
        throw new InputException(
            "optimizer.nesterov is true, but optimizer.momentum is 0; give a momentum such as 0.9"
                + " or set nesterov to false.");
      }
      Require.notNegative("optimizer.weight_decay", weightDecay);
    }
  }

  /** The optimiser of a config that names none. */
  static OptimizerConfig defaults() {
    return new AdamW(DEFAULT_LR, DEFAULT_BETA_1, DEFAULT_BETA_2, DEFAULT_EPS, DEFAULT_WEIGHT_DECAY);
  }
}
