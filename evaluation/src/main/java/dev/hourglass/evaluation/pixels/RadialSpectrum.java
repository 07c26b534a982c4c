package dev.hourglass.evaluation.pixels;

import dev.hourglass.core.InputException;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The power spectrum of a set of images, averaged over directions: how much there is at each
 * fineness of detail, which up-sampling networks are known to get wrong (Durall et al., "Watch your
 * up-convolution", 2020). For images x in levels of 0..255 of h x w pixels,
 *
 * <pre>
 *   P(u, v) = mean over images and channels of |FFT(x)(u, v)|^2 / (h w)
 *   S(k)    = mean of P over the (u, v) with round(min(h, w) * |(u/h, v/w)|) = k
 *   k       = 1 .. min(h, w) / 2 cycles along the shorter side
 * </pre>
 *
 * White noise of variance s^2 has S(k) = s^2. Images are taken as periodic, so their borders put a
 * cross of high frequencies into P, the same in both sets. Sums are in float64, image by image.
 */
public final class RadialSpectrum {

  /** What rounding to bytes adds to any spectrum; a constant image has a logarithm so. */
  private static final double ROUNDING_NOISE = 1 / 12.0;

  private final int height;
  private final int width;

  /** The k of each frequency, 0 for those outside. */
  private final int[] rings;

  private final int[] frequencies;
  private final double[] sums;
  private long images;

  /**
   * An empty set.
   *
   * @throws InputException if a side is shorter than 2 pixels
   */
  public RadialSpectrum(int height, int width) {
    int shorter = Math.min(height, width);
    if (shorter < 2) {
      throw new InputException(
          "A spectrum needs images of at least 2 pixels a side, not %d x %d; leave it out for these."
              .formatted(width, height));
    }
    this.height = height;
    this.width = width;
    int count = shorter / 2;
    rings = new int[height * width];
    frequencies = new int[count + 1];
    sums = new double[count + 1];
    for (int i = 0; i < rings.length; i++) {
      double v = signed(i / width, height);
      double u = signed(i % width, width);
      long k = Math.round(shorter * Math.hypot(v, u));
      rings[i] = k <= count ? (int) k : 0;
      frequencies[rings[i]]++;
    }
  }

  /** Cycles a pixel, in (-1/2, 1/2]. */
  private static double signed(int index, int length) {
    return (index <= length / 2 ? index : index - length) / (double) length;
  }

  /**
   * Adds images.
   *
   * @param pixels [n, c, h, w] of this set's size, bytes
   * @throws InputException if the size is another
   */
  public void add(Tensor pixels) {
    if (pixels.dim() != 4 || pixels.size(2) != height || pixels.size(3) != width) {
      throw new InputException(
          "A spectrum is of images of one size, %d x %d, but one has another; resize them first."
              .formatted(width, height));
    }
    for (long i = 0; i < pixels.size(0); i++) {
      Tensor image = pixels.select(0, i);
      Scope.run(() -> addOne(image));
    }
  }

  private void addOne(Tensor image) {
    Tensor spectrum = torch.fft_fft2(image.to(ScalarType.Double)); // [c, h, w]
    double[] power = Tensors.toDoubles(spectrum.abs().square().mean(0));
    double[] ringSums = new double[sums.length];
    for (int i = 0; i < power.length; i++) {
      ringSums[rings[i]] += power[i];
    }
    for (int k = 1; k < sums.length; k++) {
      sums[k] += ringSums[k] / frequencies[k] / power.length;
    }
    images++;
  }

  /** Adds what another has seen: sums over parts of a set are those of the whole. */
  public void merge(RadialSpectrum other) {
    checkSize(other);
    for (int k = 1; k < sums.length; k++) {
      sums[k] += other.sums[k];
    }
    images += other.images;
  }

  /** S(1), S(2), ..., in squared levels. */
  public double[] values() {
    if (images == 0) {
      throw new InputException("There is no spectrum of no images; give some.");
    }
    double[] values = new double[sums.length - 1];
    for (int k = 1; k < sums.length; k++) {
      values[k - 1] = sums[k] / images;
    }
    return values;
  }

  /**
   * The log-spectral distance in decibels: {@code sqrt(mean over k of (10 log10((S_a(k) + e) /
   * (S_b(k) + e)))^2)}, e = 1/12 the power of rounding to bytes. 3 dB are a factor of two in power.
   *
   * @throws InputException if the images are not of one size, or a set is empty
   */
  public double decibelsTo(RadialSpectrum other) {
    checkSize(other);
    double[] a = values();
    double[] b = other.values();
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      double decibels = 10 * Math.log10((a[k] + ROUNDING_NOISE) / (b[k] + ROUNDING_NOISE));
      sum += decibels * decibels;
    }
    return Math.sqrt(sum / a.length);
  }

  private void checkSize(RadialSpectrum other) {
    if (height != other.height || width != other.width) {
      throw new InputException(
          "Spectra are compared of images of one size, not %d x %d and %d x %d; resize one of the sets."
              .formatted(width, height, other.width, other.height));
    }
  }
}
