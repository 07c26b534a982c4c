package dev.hourglass.training.optimizer;

import dev.hourglass.model.Parameters;

/**
 * How the accumulated gradients move the weights, and the weights their average.
 *
 * <p>{@link ReferenceUpdate} does it with libtorch's operations, for any optimiser, type and
 * device; {@link FusedUpdate} in one pass over memory, for AdamW in float32 on the CPU, and {@link
 * FusedMuonUpdate} likewise for Muon.
 */
public sealed interface WeightUpdate permits ReferenceUpdate, FusedUpdate, FusedMuonUpdate {

  /**
   * The update of a model.
   *
   * @param fused whether to prefer the fused one, where it can do the work
   */
  static WeightUpdate of(
      Parameters weights, Parameters average, Optimizer optimizer, boolean fused) {
    if (fused && FusedUpdate.fits(weights) && FusedUpdate.fits(average)) {
      return switch (optimizer) {
        case AdamW adamW -> new FusedUpdate(weights, average, adamW);
        case Muon muon -> new FusedMuonUpdate(weights, average, muon);
        case Sgd sgd -> new ReferenceUpdate(weights, average, sgd);
      };
    }
    return new ReferenceUpdate(weights, average, optimizer);
  }

  /** The Euclidean norm of the gradients of all weights; not finite if any gradient is not. */
  double gradientNorm();

  /**
   * One update. A weight without a gradient stays, but its average moves.
   *
   * @param step counts from 0
   * @param learningRate of this step, before the factor of slow weights
   * @param gradientScale multiplies every gradient first: the clipping factor
   * @param averageDecay what the average keeps
   */
  void apply(long step, double learningRate, double gradientScale, double averageDecay);
}
