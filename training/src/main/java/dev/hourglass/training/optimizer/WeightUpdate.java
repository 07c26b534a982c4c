package dev.hourglass.training.optimizer;

import dev.hourglass.model.Parameters;
import java.util.List;

/**
 * How the accumulated gradients move the weights, and the weights their averages.
 *
 * <p>{@link ReferenceUpdate} does it with libtorch's operations, for any optimiser, type and
 * device; {@link FusedUpdate} in one pass over memory, for AdamW in float32 on the CPU, and {@link
 * FusedMuonUpdate} likewise for Muon.
 */
public sealed interface WeightUpdate permits ReferenceUpdate, FusedUpdate, FusedMuonUpdate {

  /**
   * The update of a model.
   *
   * @param averages of the weights, one or more
   * @param fused whether to prefer the fused one, where it can do the work
   */
  static WeightUpdate of(
      Parameters weights, List<Parameters> averages, Optimizer optimizer, boolean fused) {
    if (fused && FusedUpdate.fits(weights) && averages.stream().allMatch(FusedUpdate::fits)) {
      return switch (optimizer) {
        case AdamW adamW -> new FusedUpdate(weights, averages, adamW);
        case Muon muon -> new FusedMuonUpdate(weights, averages, muon);
        case Sgd sgd -> new ReferenceUpdate(weights, averages, sgd);
      };
    }
    return new ReferenceUpdate(weights, averages, optimizer);
  }

  /** The Euclidean norm of the gradients of all weights; not finite if any gradient is not. */
  double gradientNorm();

  /**
   * One update. A weight without a gradient stays, but its averages move.
   *
   * @param step counts from 0
   * @param learningRate of this step, before the factor of slow weights
   * @param gradientScale multiplies every gradient first: the clipping factor
   * @param averageDecays what each average keeps
   */
  void apply(long step, double learningRate, double gradientScale, double... averageDecays);
}
