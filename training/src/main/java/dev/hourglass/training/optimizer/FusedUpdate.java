package dev.hourglass.training.optimizer;

import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.config.OptimizerConfig;
import dev.hourglass.kernels.norm.SumOfSquares;
import dev.hourglass.kernels.optimizer.AdamWKernel;
import dev.hourglass.kernels.parallel.ElementChunks;
import dev.hourglass.model.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Clipping, AdamW and the moving averages in one pass over memory, all threads at work. Its state
 * is the {@link AdamW}'s, so checkpoints do not show which of the two updates made them.
 */
public final class FusedUpdate implements WeightUpdate {

  /** A trained weight with all that belongs to it but its gradient. */
  private record Trained(
      ParameterSpec spec, Tensor weight, Tensor mean, Tensor square, List<Tensor> averages) {}

  private final OptimizerConfig.AdamW config;
  private final List<Trained> trained;
  private final ElementChunks chunks;

  /**
   * An update of weights and averages that fit ({@link #fits}).
   *
   * @param optimizer owns the state, and says how to update
   */
  FusedUpdate(Parameters weights, List<Parameters> averages, AdamW optimizer) {
    config = optimizer.config();
    trained =
        optimizer.trained().stream()
            .map(
                spec ->
                    new Trained(
                        spec,
                        weights.get(spec.name()),
                        optimizer.mean(spec),
                        optimizer.square(spec),
                        averages.stream().map(average -> average.get(spec.name())).toList()))
            .toList();
    chunks = new ElementChunks(trained.stream().map(t -> t.spec.elements()).toList());
  }

  /** Whether all tensors are dense float32 on the CPU. */
  static boolean fits(Parameters parameters) {
    try (PointerScope scope = new PointerScope()) {
      return parameters.trained().stream()
          .map(spec -> parameters.get(spec.name()))
          .allMatch(
              tensor ->
                  tensor.scalar_type().intern() == ScalarType.Float
                      && tensor.is_contiguous()
                      && tensor.device().is_cpu());
    }
  }

  @Override
  public double gradientNorm() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      long[] gradients = trained.stream().mapToLong(t -> gradient(t.weight)).toArray();
      return Math.sqrt(SumOfSquares.of(chunks, gradients));
    }
  }

  @Override
  public void apply(long step, double learningRate, double gradientScale, double... averageDecays) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      List<AdamWKernel.Arrays> arrays = new ArrayList<>();
      for (Trained t : trained) {
        arrays.add(
            new AdamWKernel.Arrays(
                address(t.weight),
                gradient(t.weight),
                address(t.mean),
                address(t.square),
                t.averages.stream().map(FusedUpdate::address).toList(),
                t.spec.slow() ? learningRate * ParameterSpec.SLOW_FACTOR : learningRate,
                t.spec.decayed() ? config.weightDecay() : 0));
      }
      AdamWKernel.update(
          chunks,
          arrays,
          new AdamWKernel.Step(
              step + 1,
              gradientScale,
              config.beta1(),
              config.beta2(),
              config.eps(),
              Arrays.stream(averageDecays).boxed().toList()));
      for (int i = 0; i < arrays.size(); i++) {
        Trained t = trained.get(i);
        t.averages.forEach(FusedUpdate::tellOfChange);
        if (arrays.get(i).gradient() != 0) {
          tellOfChange(t.weight);
          tellOfChange(t.mean);
          tellOfChange(t.square);
        }
      }
    }
  }

  /** Where a weight's gradient is, dense, until the current scope ends; 0 if it has none. */
  static long gradient(Tensor weight) {
    Tensor gradient = weight.grad();
    // Sums hand their gradient on as one number with strides of 0.
    return gradient.defined() ? address(gradient.contiguous()) : 0;
  }

  static long address(Tensor tensor) {
    return tensor.data_ptr().address();
  }

  /** What depends on a tensor's values, such as packed weights, looks at its version. */
  static void tellOfChange(Tensor tensor) {
    tensor.unsafeGetTensorImpl().bump_version();
  }
}
