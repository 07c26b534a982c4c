package dev.hourglass.evaluation.features;

import dev.hourglass.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The filters of {@link ScatteringTransform}, as kymatio makes them: Morlet wavelets {@code psi(u)
 * = g(u) (exp(i xi.u) - K)} of several directions at each scale, g an oval Gaussian, K such that
 * psi's mean is zero, and a round Gaussian as low-pass filter. On a grid of h x w pixels they are
 * made periodic, with two periods to either side.
 *
 * <p>kymatio keeps filters in complex64. The roundings are part of its numbers, 8e-8 of the largest
 * coefficient, so the same are made here: of each period that is added, of the sums behind K, and
 * of the Fourier transform, which libtorch computes with the same library as SciPy.
 */
final class MorletFilters {

  /** Periods that are added up lie from -{@value} to +{@value}. */
  private static final int PERIODS = 2;

  private static final int ALONG = 2 * PERIODS + 1;

  /** Width of the Gaussians at scale 0, in pixels. */
  private static final double SIGMA = 0.8;

  /** Frequency of the wavelets at scale 0, in radians a pixel. */
  private static final double XI = 0.75 * Math.PI;

  /** kymatio's pi, which makes the filters' sums 1.00003. */
  private static final double PI = 3.1415;

  /** exp(-60) is 1e-26: what lies further out changes no sum. */
  private static final double NEGLIGIBLE = 60;

  private MorletFilters() {}

  /**
   * The wavelets of one scale in the frequency domain, where they are real.
   *
   * @param scale 0 for the finest
   * @return [angles, h, w], float32
   */
  static Tensor wavelets(int scale, int angles, int height, int width) {
    Tensor[] spectra = new Tensor[angles];
    for (int i = 0; i < angles; i++) {
      double theta = ((int) (angles / 2.0 - 1) - i) * Math.PI / angles;
      double sigma = Math.scalb(SIGMA, scale);
      double slant = 4.0 / angles;
      float[] wave = gabor(height, width, sigma, theta, Math.scalb(XI, -scale), slant);
      float[] envelope = gabor(height, width, sigma, theta, 0, slant);
      removeMean(wave, envelope);
      spectra[i] = spectrum(wave, height, width).unsqueeze(0);
    }
    return Tensors.concat(0, spectra);
  }

  /**
   * The low-pass filter in the frequency domain.
   *
   * @param scales J: the Gaussian is {@code 0.8 * 2^(J-1)} pixels wide
   * @return [h, w], float32
   */
  static Tensor lowPass(int scales, int height, int width) {
    double sigma = Math.scalb(SIGMA, scales - 1);
    return spectrum(gabor(height, width, sigma, 0, 0, 1), height, width);
  }

  /**
   * A filter for signals of 2^resolution pixels a sample: of its rows and columns of frequencies
   * the first half that such a signal has, and the last.
   *
   * @param filter [..., h, w]
   * @return [..., h/2^resolution, w/2^resolution]
   */
  static Tensor atResolution(Tensor filter, int resolution) {
    Tensor rows = ends(filter, -2, filter.size(-2) >> resolution);
    return ends(rows, -1, filter.size(-1) >> resolution);
  }

  private static Tensor ends(Tensor filter, int dimension, long length) {
    long first = length / 2;
    long last = length - first;
    return Tensors.concat(
        dimension,
        filter.narrow(dimension, 0, first),
        filter.narrow(dimension, filter.size(dimension) - last, last));
  }

  private static Tensor spectrum(float[] space, int height, int width) {
    Tensor complex = torch.view_as_complex(Tensors.ofFloats(space, height, width, 2));
    return torch.view_as_real(torch.fft_fft2(complex)).select(-1, 0);
  }

  /**
   * {@code g(u) exp(i xi.u)}, g of sum 1, [h, w, re and im]; theta is measured from the rows' axis.
   */
  private static float[] gabor(
      int height, int width, double sigma, double theta, double xi, double slant) {
    double cos = (float) Math.cos(theta);
    double sin = (float) Math.sin(theta);
    // The exponent's quadratic form: R diag(1, slant^2) R^T / (2 sigma^2).
    double common = 2 * sigma * sigma;
    double yy = (cos * cos + slant * slant * sin * sin) / common;
    double xx = (sin * sin + slant * slant * cos * cos) / common;
    double xy = 2 * cos * sin * (1 - slant * slant) / common;
    double xiRows = xi * Math.cos(theta);
    double xiColumns = xi * Math.sin(theta);
    float scale = 1 / (float) (2 * PI * sigma * sigma / slant);

    float[] values = new float[height * width * 2];
    for (int i = 0; i < height * width; i++) {
      float re = 0;
      float im = 0;
      int row = i / width;
      int column = i % width;
      for (int period = 0; period < ALONG * ALONG; period++) {
        double y = row + (period / ALONG - PERIODS) * height;
        double x = column + (period % ALONG - PERIODS) * width;
        double exponent = yy * y * y + xy * x * y + xx * x * x;
        if (exponent < NEGLIGIBLE) {
          double g = Math.exp(-exponent);
          double phase = y * xiRows + x * xiColumns;
          re = (float) (re + g * Math.cos(phase));
          im = (float) (im + g * Math.sin(phase));
        }
      }
      values[2 * i] = re * scale;
      values[2 * i + 1] = im * scale;
    }
    return values;
  }

  /** Subtracts K times the envelope, K the complex ratio of the sums. */
  private static void removeMean(float[] wave, float[] envelope) {
    float[] sum = sum(wave, 0, wave.length);
    float scale = 1 / sum(envelope, 0, envelope.length)[0];
    float re = sum[0] * scale;
    float im = sum[1] * scale;
    for (int i = 0; i < wave.length; i += 2) {
      wave[i] -= re * envelope[i];
      wave[i + 1] -= im * envelope[i];
    }
  }

  /** The sum of complex numbers in NumPy's order: halves down to 64, those in four sums. */
  private static float[] sum(float[] values, int from, int length) {
    if (length > 128) {
      int half = length / 2;
      half -= half % 8;
      float[] first = sum(values, from, half);
      float[] second = sum(values, from + half, length - half);
      return new float[] {first[0] + second[0], first[1] + second[1]};
    }
    float[] sums = new float[8];
    int whole = length - length % 8;
    for (int i = 0; i < whole; i++) {
      sums[i % 8] += values[from + i];
    }
    float re = (sums[0] + sums[2]) + (sums[4] + sums[6]);
    float im = (sums[1] + sums[3]) + (sums[5] + sums[7]);
    for (int i = whole; i < length; i += 2) {
      re += values[from + i];
      im += values[from + i + 1];
    }
    return new float[] {re, im};
  }
}
