package dev.hourglass.diffusion.samplers;

import dev.hourglass.diffusion.Denoiser;
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
record DpmSolverStep(Denoiser denoiser, Tensor x, double t, double next, Tensor eps) {

  /** eps(x, t). */
  static Tensor eps(Denoiser denoiser, Tensor x, double t) {
    double sigma = Math.exp(-t);
    return Linear.slope(x, sigma, denoiser.denoise(x, sigma));
  }

  /** {@code x - sigma' (e^h - 1) eps}. */
  Tensor first() {
    return ahead(1);
  }

  /** eps at the point that a first-order step of length r h reaches. */
  Tensor epsAhead(double r) {
    return eps(denoiser, ahead(r), t + r * h());
  }

  /**
   * Adds {@code -sigma' (e^h - 1) (eps_r - eps) / 2r}.
   *
   * @param epsR {@code epsAhead(r)}
   */
  Tensor second(double r, Tensor epsR) {
    double weight = Math.exp(-next) * Math.expm1(h()) / (2 * r);
    return Linear.sum(1, first(), -weight, epsR, weight, eps);
  }

  /**
   * The third-order step with intermediate points at 1/3 and 2/3.
   *
   * @param epsThird {@code epsAhead(1/3)}
   */
  Tensor third(Tensor epsThird) {
    double h = h();
    double r1 = 1.0 / 3;
    double r2 = 2.0 / 3;
    double correction = Math.exp(-(t + r2 * h)) * (r2 / r1) * phi(r2 * h);
    Tensor u2 = Linear.sum(1, ahead(r2), -correction, epsThird, correction, eps);
    Tensor epsTwoThirds = eps(denoiser, u2, t + r2 * h);
    double weight = Math.exp(-next) / r2 * phi(h);
    return Linear.sum(1, first(), -weight, epsTwoThirds, weight, eps);
  }

  private double h() {
    return next - t;
  }

  private Tensor ahead(double r) {
    double weight = Math.exp(-(t + r * h())) * Math.expm1(r * h());
    return Linear.plus(x, -weight, eps);
  }

  /** (e^h - 1) / h - 1. */
  private static double phi(double h) {
    return Math.expm1(h) / h - 1;
  }
}
