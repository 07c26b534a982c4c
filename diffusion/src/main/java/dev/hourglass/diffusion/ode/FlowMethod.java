package dev.hourglass.diffusion.ode;

import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.samplers.step.Linear;
import dev.hourglass.tensor.Scope;
import java.util.Locale;
import org.bytedeco.pytorch.Tensor;

/**
 * The samplers whose steps can be taken back: without noise, and each step a function of the images
 * at its start alone.
 */
public enum FlowMethod {
  EULER,
  HEUN;

  /** The name of the sampler that draws by this method. */
  public String samplerName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** One step of the sampler, from a noise level above 0 to another, up or down. */
  Tensor step(Denoiser denoiser, Tensor x, double from, double to) {
    return Scope.of(
        () -> {
          Tensor d = Linear.slope(x, from, denoiser.denoise(x, from));
          Tensor end = Linear.plus(x, to - from, d);
          if (this == EULER) {
            return end;
          }
          Tensor dEnd = Linear.slope(end, to, denoiser.denoise(end, to));
          return Linear.sum(1, x, (to - from) / 2, d, (to - from) / 2, dEnd);
        });
  }
}
