package dev.hourglass.sampling.sweep;

import dev.hourglass.diffusion.samplers.Samplers;
import dev.hourglass.sampling.SampleSettings;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;

/**
 * What the images of a cell are drawn with.
 *
 * @param sigmaRel the length of the average of weights (Karras et al. 2024), where that is swept;
 *     else the weights of the checkpoint are drawn with
 */
public record Cell(SampleSettings settings, OptionalDouble sigmaRel) {

  Cell with(UnaryOperator<SampleSettings> change) {
    return new Cell(change.apply(settings), sigmaRel);
  }

  Cell withSigmaRel(double newSigmaRel) {
    return new Cell(settings, OptionalDouble.of(newSigmaRel));
  }

  /** Checks what can be checked without a model. */
  Cell checked() {
    Samplers.byName(settings.sampler(), settings.options());
    return this;
  }
}
