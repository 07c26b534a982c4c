package dev.hourglass.diffusion.samplers;

import dev.hourglass.diffusion.noise.NoiseKind;
import dev.hourglass.diffusion.samplers.step.Linear;
import dev.hourglass.diffusion.samplers.step.Step;
import org.bytedeco.pytorch.Tensor;

/**
 * DPM-Solver++(2M) (Lu et al., "DPM-Solver++", 2022, algorithm 2), of second order with one
 * evaluation a step: the denoised images are extrapolated linearly in log sigma from this and the
 * previous step. With h the length of the step in log sigma and r = h_previous / h:
 *
 * <pre>
 *   E  = (1 + 1/2r) D - 1/2r D_previous
 *   x' = sigma' / sigma x - (e^(-h) - 1) E
 * </pre>
 *
 * The first step and the step to 0 use E = D.
 */
public final class DpmPp2M extends GridSampler {

  @Override
  public String name() {
    return "dpmpp-2m";
  }

  @Override
  public NoiseKind noiseKind() {
    return NoiseKind.NONE;
  }

  @Override
  int evaluationsPerStep() {
    return 1;
  }

  @Override
  int memory() {
    return 1;
  }

  @Override
  Tensor step(Step step) {
    Tensor denoised = step.denoiseAndReport(step.x(), step.sigma());
    Tensor extrapolated = denoised;
    if (step.remembered() == 1 && !step.isLast()) {
      double weight = step.length() / (2 * step.length(1));
      extrapolated = Linear.sum(1 + weight, denoised, -weight, step.earlier(0));
    }
    step.remember(denoised);
    return DpmPp2SAncestral.exponentialStep(step.x(), step.sigma(), step.next(), extrapolated);
  }
}
