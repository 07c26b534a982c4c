package dev.hourglass.training.optimizer;

import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.config.OptimizerConfig;
import dev.hourglass.model.Parameters;
import dev.hourglass.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Updates the trained weights from their gradients. Weight decay acts on some of them, and what
 * processes the conditioning vector trains slower: {@link ParameterSpec} says which (HDiT, appendix
 * B).
 */
public abstract sealed class Optimizer implements AutoCloseable permits AdamW, Muon, Sgd {

  private final Parameters parameters;
  private final List<ParameterSpec> trained;
  private final Map<String, Map<ParameterSpec, Tensor>> state = new LinkedHashMap<>();

  /**
   * An optimiser of some of the trained weights.
   *
   * @param trained which ones
   * @param stateNames tensors that the optimiser keeps for each of them, zero at first
   */
  Optimizer(Parameters parameters, List<ParameterSpec> trained, List<String> stateNames) {
    this.parameters = parameters;
    this.trained = trained;
    for (String name : stateNames) {
      Map<ParameterSpec, Tensor> tensors = new LinkedHashMap<>();
      for (ParameterSpec spec : trained) {
        try (PointerScope scope = new PointerScope()) {
          tensors.put(spec, Scope.own(torch.zeros_like(parameters.get(spec.name()).detach())));
        }
      }
      state.put(name, tensors);
    }
  }

  public static Optimizer of(OptimizerConfig config, Parameters parameters) {
    return switch (config) {
      case OptimizerConfig.AdamW adamW -> new AdamW(adamW, parameters, parameters.trained());
      case OptimizerConfig.Muon muon -> new Muon(muon, parameters);
      case OptimizerConfig.Sgd sgd -> new Sgd(sgd, parameters);
    };
  }

  /**
   * One update.
   *
   * @param step counts from 0
   * @param learningRate of this step, before the factor of slow weights
   * @param gradientScale multiplies every gradient first: the clipping factor
   */
  void update(long step, double learningRate, double gradientScale) {
    for (ParameterSpec spec : trained) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard guard = new NoGradGuard()) {
        Tensor weight = parameters.get(spec.name());
        Tensor gradient = weight.grad();
        if (gradient.defined()) {
          double rate = spec.slow() ? learningRate * ParameterSpec.SLOW_FACTOR : learningRate;
          updateOne(spec, weight, gradient.mul(scalar(gradientScale)), step, rate);
        }
      }
    }
  }

  abstract void updateOne(
      ParameterSpec spec, Tensor weight, Tensor gradient, long step, double learningRate);

  /** The weights that it updates. */
  final List<ParameterSpec> trained() {
    return trained;
  }

  final Tensor state(String name, ParameterSpec spec) {
    return state.get(name).get(spec);
  }

  /** All state tensors, by {@code NAME.PARAMETER}, for checkpoints; the optimiser owns them. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    state.forEach(
        (name, tensors) ->
            tensors.forEach((spec, tensor) -> all.put(name + "." + spec.name(), tensor)));
    return all;
  }

  static Scalar scalar(double value) {
    return new Scalar(value);
  }

  @Override
  public void close() {
    tensors().values().forEach(Tensor::close);
  }
}
