package dev.hourglass.diffusion.samplers;

import static dev.hourglass.diffusion.samplers.DpmSolverSampler.sigma;

import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.samplers.step.Linear;
import org.bytedeco.pytorch.Tensor;

/**
 * One step of DPM-Solver-1, -2 or -3 (Lu et al., "DPM-Solver", 2022, eq. 3.7 and algorithms 1 and
 * 2) in the noise prediction {@code eps(x, t) = (x - D(x, sigma)) / sigma}, {@code sigma =
 * exp(-t)}.
 *
 * @param x images at time {@code t}, [n, c, h, w]
 * @param t where the step starts
 * @param next where it goes, above {@code t}
 * @param eps the noise prediction at {@code t}
 */
record DpmSolverStep(Denoiser denoiser, Tensor x, float t, float next, Tensor eps) {

  /** {@code x - sigma' (e^h - 1) eps}. */
  Tensor first() {
    return Linear.plus(x, -sigma(next) * expm1(h()), eps);
  }

  /** eps at the point that a first-order step of length r h reaches. */
  Tensor epsAhead(float r) {
    return eps(ahead(r), t + r * h());
  }

  /**
   * Adds {@code -sigma' (e^h - 1) (eps_r - eps) / 2r}.
   *
   * @param epsR {@code epsAhead(r)}
   */
  Tensor second(float r, Tensor epsR) {
    float weight = sigma(next) / (2 * r) * expm1(h());
    return Linear.sum(1, first(), -weight, epsR, weight, eps);
  }

  /**
   * The third-order step with intermediate points at 1/3 and 2/3.
   *
   * @param epsThird {@code epsAhead(1/3)}
   */
  Tensor third(Tensor epsThird) {
    float h = h();
    float r2 = 2f / 3;
    float t2 = t + r2 * h;
    float correction = 2 * sigma(t2) * phi(r2 * h);
    Tensor u2 = Linear.sum(1, ahead(r2), -correction, epsThird, correction, eps);
    Tensor epsTwoThirds = eps(u2, t2);
    float weight = sigma(next) / r2 * phi(h);
    return Linear.sum(1, first(), -weight, epsTwoThirds, weight, eps);
  }

  private float h() {
    return next - t;
  }

  private Tensor ahead(float r) {
    float weight = sigma(t + r * h()) * expm1(r * h());
    return Linear.plus(x, -weight, eps);
  }

  private Tensor eps(Tensor images, float time) {
    float sigma = sigma(time);
    return Linear.slope(images, sigma, denoiser.denoise(images, sigma));
  }

  private static float expm1(float h) {
    return (float) Math.expm1(h);
  }

  /** (e^h - 1) / h - 1; its limit at 0, which is the length of a step below the float32 grid. */
  private static float phi(float h) {
    return h == 0 ? 0 : expm1(h) / h - 1;
  }
}
