package dev.hourglass.training.optimizer;

import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.config.OptimizerConfig;
import dev.hourglass.kernels.optimizer.MuonKernel;
import dev.hourglass.kernels.optimizer.NewtonSchulz;
import dev.hourglass.model.Parameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * Muon (Jordan et al. 2024) with Nesterov momentum and decoupled weight decay, at AdamW's scale of
 * updates (Liu et al. 2025), for the {@link MuonMatrices}; {@link AdamW} for all else:
 *
 * <pre>
 * m += (1 - momentum) (g - m)
 * u = g + momentum (m - g)
 * w = (1 - lr * decay) w - 0.2 lr sqrt(max(rows, columns)) NS(u)
 * </pre>
 *
 * NS, the Newton-Schulz iteration, takes u near the orthogonal matrix closest to it: from {@code X
 * = u / |u|}, {@code X = a X + (b A + c A^2) X} with {@code A = X X^T}.
 */
final class Muon extends Optimizer {

  private static final String MOMENTUM = "momentum";

  private final OptimizerConfig.Muon config;
  private final AdamW rest;

  Muon(OptimizerConfig.Muon config, Parameters parameters) {
    super(parameters, MuonMatrices.of(parameters.trained()), List.of(MOMENTUM));
    this.config = config;
    this.rest = new AdamW(config.adamW(), parameters, MuonMatrices.notOf(parameters.trained()));
  }

  OptimizerConfig.Muon config() {
    return config;
  }

  /** The optimiser of all other weights. */
  AdamW rest() {
    return rest;
  }

  /** The moving mean of a weight's gradients, m in the equations. */
  Tensor momentum(ParameterSpec spec) {
    return state(MOMENTUM, spec);
  }

  /**
   * The learning rate of all other weights.
   *
   * @param learningRate of the matrices: the config's, times the schedule's factor
   */
  double restRate(double learningRate) {
    return learningRate * (config.adamW().lr() / config.lr());
  }

  @Override
  void update(long step, double learningRate, double gradientScale) {
    super.update(step, learningRate, gradientScale);
    rest.update(step, restRate(learningRate), gradientScale);
  }

  @Override
  void updateOne(
      ParameterSpec spec, Tensor weight, Tensor gradient, long step, double learningRate) {
    step(config, weight, gradient, momentum(spec), learningRate);
  }

  /** A step of one matrix; its momentum changes, too. */
  static void step(
      OptimizerConfig.Muon config,
      Tensor weight,
      Tensor gradient,
      Tensor momentum,
      double learningRate) {
    Tensor m = momentum.lerp_(gradient, scalar(1 - config.momentum()));
    Tensor u = gradient.lerp(m, scalar(config.momentum()));
    weight.mul_(scalar(1 - learningRate * config.weightDecay()));
    weight.add_(
        orthogonal(u, config.nsSteps()),
        scalar(-learningRate * MuonKernel.scale(weight.size(0), weight.size(1))));
  }

  /** NS(u): its small side is the rows of X, so that A is small. */
  private static Tensor orthogonal(Tensor u, int steps) {
    boolean tall = u.size(0) > u.size(1);
    Tensor x = tall ? u.t() : u;
    x = x.div(u.norm().clamp_min(scalar(NewtonSchulz.LEAST_NORM)));
    for (int i = 0; i < steps; i++) {
      Tensor a = x.mm(x.t());
      Tensor polynomial = a.mul(scalar(NewtonSchulz.B)).add(a.mm(a), scalar(NewtonSchulz.C));
      x = x.mul(scalar(NewtonSchulz.A)).add(polynomial.mm(x));
    }
    return tall ? x.t() : x;
  }

  @Override
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> all = new LinkedHashMap<>(super.tensors());
    all.putAll(rest.tensors());
    return all;
  }
}
