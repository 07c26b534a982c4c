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
  double DEFAULT_MUON_MOMENTUM = 0.95;
  int DEFAULT_NS_STEPS = 5;

  /** As PyTorch's; the iteration has converged long before. */
  int MOST_NS_STEPS = 99;

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
      check("optimizer", lr, beta1, beta2, eps, weightDecay);
    }

    /** One that stands elsewhere in the config file: errors name the keys of {@code path}. */
    static AdamW at(
        String path, double lr, double beta1, double beta2, double eps, double weightDecay) {
      check(path, lr, beta1, beta2, eps, weightDecay);
      return new AdamW(lr, beta1, beta2, eps, weightDecay);
    }

    private static void check(
        String path, double lr, double beta1, double beta2, double eps, double weightDecay) {
      Require.positive(path + ".lr", lr);
      Require.belowOne(path + ".betas[0]", beta1);
      Require.belowOne(path + ".betas[1]", beta2);
      Require.positive(path + ".eps", eps);
      Require.notNegative(path + ".weight_decay", weightDecay);
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

  /**
   * Muon for the matrices between the activations, AdamW for all else ({@code MuonMatrices} says
   * which are which).
   *
   * @param lr of the matrices, positive; the schedule's factor counts for {@code adamW.lr()} too
   * @param momentum what the mean of gradients keeps, in [0, 1)
   * @param weightDecay of the matrices, 0 or more
   * @param nsSteps Newton-Schulz iterations, from 1 to 99
   */
  record Muon(double lr, double momentum, double weightDecay, int nsSteps, AdamW adamW)
      implements OptimizerConfig {
    public Muon {
      Require.positive("optimizer.lr", lr);
      Require.belowOne("optimizer.momentum", momentum);
      Require.notNegative("optimizer.weight_decay", weightDecay);
      if (nsSteps < 1 || nsSteps > MOST_NS_STEPS) {
        throw new InputException(
            "optimizer.ns_steps is %d; give a number from 1 to %d, such as 5."
                .formatted(nsSteps, MOST_NS_STEPS));
      }
    }
  }

  /** The optimiser of a config that names none. */
  static OptimizerConfig defaults() {
    return new AdamW(DEFAULT_LR, DEFAULT_BETA_1, DEFAULT_BETA_2, DEFAULT_EPS, DEFAULT_WEIGHT_DECAY);
  }
}
