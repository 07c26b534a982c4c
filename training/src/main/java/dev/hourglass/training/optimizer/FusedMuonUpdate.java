package dev.hourglass.training.optimizer;

import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.config.OptimizerConfig;
import dev.hourglass.kernels.norm.SumOfSquares;
import dev.hourglass.kernels.optimizer.MuonKernel;
import dev.hourglass.kernels.parallel.ElementChunks;
import dev.hourglass.model.Parameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Clipping, Muon and the moving averages, matrices in parallel; AdamW for all else by {@link
 * FusedUpdate}. Its state is the {@link Muon}'s, so checkpoints do not show which update made them.
 */
public final class FusedMuonUpdate implements WeightUpdate {

  /** A matrix with all that belongs to it but its gradient. */
  private record Trained(
      ParameterSpec spec, Tensor weight, Tensor momentum, List<Tensor> averages) {}

  private final Muon optimizer;
  private final List<Trained> matrices;
  private final ElementChunks chunks;
  private final FusedUpdate rest;

  /**
   * An update of weights and averages that fit ({@link FusedUpdate#fits}).
   *
   * @param optimizer owns the state, and says how to update
   */
  FusedMuonUpdate(Parameters weights, List<Parameters> averages, Muon optimizer) {
    this.optimizer = optimizer;
    matrices =
        optimizer.trained().stream()
            .map(
                spec ->
                    new Trained(
                        spec,
                        weights.get(spec.name()),
                        optimizer.momentum(spec),
                        averages.stream().map(average -> average.get(spec.name())).toList()))
            .toList();
    chunks = new ElementChunks(matrices.stream().map(t -> t.spec.elements()).toList());
    rest = new FusedUpdate(weights, averages, optimizer.rest());
  }

  @Override
  public double gradientNorm() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      long[] gradients = matrices.stream().mapToLong(t -> FusedUpdate.gradient(t.weight)).toArray();
      return Math.hypot(Math.sqrt(SumOfSquares.of(chunks, gradients)), rest.gradientNorm());
    }
  }

  @Override
  public void apply(long step, double learningRate, double gradientScale, double... averageDecays) {
    OptimizerConfig.Muon config = optimizer.config();
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      List<MuonKernel.Matrix> arrays = new ArrayList<>();
      for (Trained t : matrices) {
        arrays.add(
            new MuonKernel.Matrix(
                Math.toIntExact(t.spec.shape().get(0)),
                Math.toIntExact(t.spec.shape().get(1)),
                FusedUpdate.address(t.weight),
                FusedUpdate.gradient(t.weight),
                FusedUpdate.address(t.momentum),
                t.averages.stream().map(FusedUpdate::address).toList()));
      }
      MuonKernel.update(
          arrays,
          new MuonKernel.Step(
              learningRate,
              config.weightDecay(),
              gradientScale,
              config.momentum(),
              config.nsSteps(),
              Arrays.stream(averageDecays).boxed().toList()));
      for (int i = 0; i < arrays.size(); i++) {
        Trained t = matrices.get(i);
        t.averages.forEach(FusedUpdate::tellOfChange);
        if (arrays.get(i).gradient() != 0) {
          FusedUpdate.tellOfChange(t.weight);
          FusedUpdate.tellOfChange(t.momentum);
        }
      }
    }
    rest.apply(step, optimizer.restRate(learningRate), gradientScale, averageDecays);
  }
}
