package dev.hourglass.evaluation.features;

import dev.hourglass.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The scattering transform as its formulas read: one path after another, every convolution a
 * product of complex spectra, every sample taken in space, the low-pass filter an image like the
 * others.
 */
final class ReferenceScattering {

  private final int scales;
  private final int angles;
  private final int paddedHeight;
  private final int paddedWidth;

  private ReferenceScattering(int scales, int angles, int paddedHeight, int paddedWidth) {
    this.scales = scales;
    this.angles = angles;
    this.paddedHeight = paddedHeight;
    this.paddedWidth = paddedWidth;
  }

  /**
   * All of order 2 and less.
   *
   * @param image [h][w]
   * @return [channels, h/2^J, w/2^J], flat
   */
  static double[] of(double[][] image, int scales, int angles) {
    int unit = 1 << scales;
    int h = image.length;
    int w = image[0].length;
    ReferenceScattering reference =
        new ReferenceScattering(
            scales, angles, ((h + unit) / unit + 1) * unit, ((w + unit) / unit + 1) * unit);
    return reference.transform(reference.padded(image));
  }

  private double[] transform(Tensor image) {
    List<Tensor> zero = List.of(lowPass(image, 0));
    List<Tensor> first = new ArrayList<>();
    List<Tensor> second = new ArrayList<>();
    for (int j = 0; j < scales; j++) {
      for (int a = 0; a < angles; a++) {
        Tensor modulus = modulus(image, 0, j, a);
        first.add(lowPass(modulus, j));
        for (int k = j + 1; k < scales; k++) {
          for (int b = 0; b < angles; b++) {
            second.add(lowPass(modulus(modulus, j, k, b), k));
          }
        }
      }
    }
    List<Tensor> all = new ArrayList<>(zero);
    all.addAll(first);
    all.addAll(second);
    return Tensors.toDoubles(Tensors.concat(0, all.toArray(Tensor[]::new)));
  }

  /** {@code |x * psi|} of x at 2^from pixels a sample, kept at 2^scale pixels. */
  private Tensor modulus(Tensor x, int from, int scale, int angle) {
    Tensor psi = MorletFilters.wavelets(scale, angles, paddedHeight, paddedWidth).select(0, angle);
    return sampled(convolved(x, kept(psi, from)).abs(), 1 << (scale - from));
  }

  /** Without the outermost samples: [1, h/2^J, w/2^J]. */
  private Tensor lowPass(Tensor x, int from) {
    Tensor phi = MorletFilters.lowPass(scales, paddedHeight, paddedWidth);
    Tensor filtered = torch.view_as_real(convolved(x, kept(phi, from))).select(-1, 0);
    Tensor samples = sampled(filtered, 1 << (scales - from));
    return samples.narrow(0, 1, samples.size(0) - 2).narrow(1, 1, samples.size(1) - 2).unsqueeze(0);
  }

  private static Tensor convolved(Tensor x, Tensor filter) {
    return torch.fft_ifft2(torch.fft_fft2(x).mul(filter));
  }

  /** The filter for 2^resolution pixels a sample: its lowest frequencies. */
  private static Tensor kept(Tensor filter, int resolution) {
    int factor = 1 << resolution;
    long h = filter.size(0);
    long w = filter.size(1);
    Tensor rows = ends(filter, 0, h / factor);
    return ends(rows, 1, w / factor);
  }

  /** The first half and the last half of {@code length} lines. */
  private static Tensor ends(Tensor filter, int dimension, long length) {
    long first = length / 2;
    long last = length - first;
    return Tensors.concat(
        dimension,
        filter.narrow(dimension, 0, first),
        filter.narrow(dimension, filter.size(dimension) - last, last));
  }

  private static Tensor sampled(Tensor x, int step) {
    int h = (int) x.size(0) / step;
    int w = (int) x.size(1) / step;
    double[] values = Tensors.toDoubles(x);
    int width = (int) x.size(1);
    double[] kept = new double[h * w];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = values[i / w * step * width + i % w * step];
    }
    return Tensors.ofDoubles(kept, h, w);
  }

  private Tensor padded(double[][] image) {
    int h = image.length;
    int w = image[0].length;
    double[] values = new double[paddedHeight * paddedWidth];
    for (int i = 0; i < values.length; i++) {
      int y = bounced(i / paddedWidth - (paddedHeight - h) / 2, h);
      int x = bounced(i % paddedWidth - (paddedWidth - w) / 2, w);
      values[i] = image[y][x];
    }
    return Tensors.ofDoubles(values, paddedHeight, paddedWidth);
  }

  private static int bounced(int at, int length) {
    int inside = at;
    while (inside < 0 || inside >= length) {
      inside = inside < 0 ? -inside : 2 * (length - 1) - inside;
    }
    return inside;
  }
}
