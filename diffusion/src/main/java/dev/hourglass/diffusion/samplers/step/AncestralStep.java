package dev.hourglass.diffusion.samplers.step;

/**
 * A step from one noise level to a lower one, split into a deterministic step to {@code down} and
 * fresh noise of standard deviation {@code up}, {@code down^2 + up^2 = to^2}. With eta = 1 it is
 * the ancestral step of DDPM, {@code up^2 = to^2 (from^2 - to^2) / from^2}; with eta = 0 there is
 * no noise (Song et al., "Denoising diffusion implicit models", 2021, eq. 16).
 */
public record AncestralStep(double down, double up) {

  public static AncestralStep of(double from, double to, double eta) {
    if (eta == 0) {
      return new AncestralStep(to, 0);
    }
    double ancestral = to * Math.sqrt((from * from - to * to) / (from * from));
    double up = Math.min(to, eta * ancestral);
    return new AncestralStep(Math.sqrt(to * to - up * up), up);
  }
}
