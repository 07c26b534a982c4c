package dev.hourglass.diffusion;

import dev.hourglass.config.NoiseDensity;
import dev.hourglass.config.objective.Scales;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.bytedeco.pytorch.global.torch;

/**
 * Draws training noise levels: the inverse cumulative distribution function of a {@link
 * NoiseDensity}. A uniform in gives a sigma out, so stratified uniforms give stratified sigmas.
 *
 * <p>The split lognormal distribution is usually drawn from a half-normal number and a coin that
 * picks the side; the inverse of its distribution function used here gives the same distribution
 * from one uniform, which keeps the stratification.
 *
 * @param density the distribution of sigma
 * @param scales of data and noise, to which some densities are relative
 */
public record NoiseLevelSampler(NoiseDensity density, Scales scales) {

  /** Uniforms are squeezed into [1e-7, 1 - 1e-7] where the normal quantile would be infinite. */
  private static final double NORMAL_MARGIN = 1e-7;

  /**
   * Maps uniforms to noise levels.
   *
   * @param uniforms each in [0, 1)
   * @return sigma for each of them; sigma rises with the uniform, but for cosine-interpolated,
   *     where it falls
   */
  public double[] sigmas(double... uniforms) {
    return switch (density) {
      case NoiseDensity.LogNormal d -> logNormal(d, uniforms);
      case NoiseDensity.LogitNormal d -> logNormal(ofSigma(d), uniforms);
      case NoiseDensity.SplitLogNormal d -> splitLogNormal(d, uniforms);
      case NoiseDensity.LogLogistic d -> map(uniforms, logLogistic(d));
      case NoiseDensity.LogUniform d -> map(uniforms, logUniform(d));
      case NoiseDensity.VDiffusion d -> map(uniforms, vDiffusion(d));
      case NoiseDensity.CosineInterpolated d -> map(uniforms, cosineInterpolated(d));
    };
  }

  /** sigma = exp(loc + scale Phi^-1(u)). */
  private static double[] logNormal(NoiseDensity.LogNormal d, double[] uniforms) {
    double[] normals =
        normalQuantiles(map(uniforms, u -> u * (1 - 2 * NORMAL_MARGIN) + NORMAL_MARGIN));
    return map(normals, z -> Math.exp(d.loc() + d.scale() * z));
  }

  /** With {@code t = s / (s + sigma)}, {@code ln sigma = ln s - logit t}. */
  private NoiseDensity.LogNormal ofSigma(NoiseDensity.LogitNormal d) {
    return new NoiseDensity.LogNormal(Math.log(scales.noise()) - d.mean(), d.std());
  }

  /**
   * log sigma has a left half-normal of scale s1 with probability s1 / (s1 + s2) and a right one of
   * scale s2 else: with r that ratio, Phi^-1(u / 2r) times s1 below r and Phi^-1(1 - (1 - u) / 2(1
   * - r)) times s2 above.
   */
  private static double[] splitLogNormal(NoiseDensity.SplitLogNormal d, double[] uniforms) {
    double left = d.scale1() / (d.scale1() + d.scale2());
    double[] squeezed = map(uniforms, u -> u * (1 - 2 * NORMAL_MARGIN) + NORMAL_MARGIN);
    double[] normals =
        normalQuantiles(
            map(squeezed, u -> u < left ? u / (2 * left) : 1 - (1 - u) / (2 * (1 - left))));
    return map(normals, z -> Math.exp(d.loc() + z * (z < 0 ? d.scale1() : d.scale2())));
  }

  /** The logistic quantile of log sigma, truncated to [min, max]. */
  private static DoubleUnaryOperator logLogistic(NoiseDensity.LogLogistic d) {
    double low = logisticCdf((Math.log(d.min()) - d.loc()) / d.scale());
    double high = logisticCdf((Math.log(d.max()) - d.loc()) / d.scale());
    return u -> {
      // Away from 0 and 1, where an untruncated density would give a noise level of 0 or infinity.
      double p = Math.clamp(u * (high - low) + low, Double.MIN_NORMAL, Math.nextDown(1.0));
      return Math.exp(d.loc() + d.scale() * (Math.log(p) - Math.log1p(-p)));
    };
  }

  private static double logisticCdf(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static DoubleUnaryOperator logUniform(NoiseDensity.LogUniform d) {
    double low = Math.log(d.min());
    double high = Math.log(d.max());
    return u -> Math.exp(u * (high - low) + low);
  }

  /** sigma = sd tan(phi), the angle uniform (Salimans and Ho, "Progressive distillation", 2022). */
  private DoubleUnaryOperator vDiffusion(NoiseDensity.VDiffusion d) {
    double low = Math.atan(d.min() / scales.data());
    double high = Math.atan(d.max() / scales.data());
    return u -> scales.data() * Math.tan(u * (high - low) + low);
  }

  /**
   * As u goes from 0 to 1, log SNR rises from its value at max to that at min, from the cosine
   * schedule shifted for images of side noise_d_low to the one shifted for noise_d_high (Hoogeboom
   * et al., "Simple diffusion", 2023, section 3.1; Crowson et al. 2024, section 3.4).
   */
  private DoubleUnaryOperator cosineInterpolated(NoiseDensity.CosineInterpolated d) {
    DoubleUnaryOperator low = shiftedCosine(d, d.noiseDLow());
    DoubleUnaryOperator high = shiftedCosine(d, d.noiseDHigh());
    return u -> {
      double logSnr = low.applyAsDouble(u) * (1 - u) + high.applyAsDouble(u) * u;
      return scales.data() * Math.exp(-logSnr / 2);
    };
  }

  /**
   * log SNR of the cosine schedule for images of side imageD whose noise is as for images of side
   * {@code noiseD}: {@code -2 log tan} of an even angle, plus 2 log(noiseD / imageD).
   */
  private DoubleUnaryOperator shiftedCosine(NoiseDensity.CosineInterpolated d, double noiseD) {
    double side = noiseD / d.imageD();
    double start = Math.atan(d.max() / scales.data() * side);
    double end = Math.atan(d.min() / scales.data() * side);
    return u -> 2 * Math.log(side) - 2 * Math.log(Math.tan(start + u * (end - start)));
  }

  /** Phi^-1, by libtorch in double precision. */
  private static double[] normalQuantiles(double[] p) {
    double[][] result = new double[1][];
    Scope.run(
        () -> result[0] = Tensors.toDoubles(torch.special_ndtri(Tensors.ofDoubles(p, p.length))));
    return result[0];
  }

  private static double[] map(double[] values, DoubleUnaryOperator f) {
    return Arrays.stream(values).map(f).toArray();
  }
}
