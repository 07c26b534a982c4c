package dev.hourglass.diffusion;

import dev.hourglass.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * Errors weighted by spatial frequency (key {@code loss_scales}; Crowson et al. 2024, appendix):
 * the orthonormal discrete cosine transform (DCT-II) of an image's errors, whose squares have the
 * same mean as those of the errors themselves, times weights that grow by 1 an octave from the
 * highest frequency down.
 */
final class FrequencyWeights {

  private FrequencyWeights() {}

  /**
   * The squared DCT of errors times the weights.
   *
   * @param errors [n, c, h, w]
   * @param scales the largest weight; below 1 there is none
   * @return [n, c, h, w]
   */
  static Tensor weightedSquares(Tensor errors, double scales) {
    int height = Math.toIntExact(errors.size(2));
    int width = Math.toIntExact(errors.size(3));
    Tensor weights =
        Tensors.ofDoubles(weights(height, width, scales), height, width).to(errors.scalar_type());
    return transform(errors).square().mul(weights);
  }

  /** The orthonormal DCT-II of the last two axes. */
  static Tensor transform(Tensor images) {
    Tensor rows = basis(images.size(-2)).to(images.scalar_type());
    Tensor columns = basis(images.size(-1)).to(images.scalar_type());
    return rows.matmul(images).matmul(columns.t());
  }

  /** {@code min(f(y, h), f(x, w))} of each frequency, [h, w]. */
  static double[] weights(int height, int width, double scales) {
    double[] weights = new double[height * width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        weights[y * width + x] = Math.min(weight(y, height, scales), weight(x, width, scales));
      }
    }
    return weights;
  }

  /** {@code f(i, n) = min(-log2(0.5 / n + i (0.5 - 0.5 / n) / (n - 1)), scales)}. */
  private static double weight(int i, int n, double scales) {
    double lowest = 0.5 / n;
    double frequency = n == 1 ? lowest : lowest + i * (0.5 - lowest) / (n - 1);
    double octaves = -Math.log(frequency) / Math.log(2);
    return scales < 1 ? octaves : Math.min(octaves, scales);
  }

  /** {@code sqrt((k = 0 ? 1 : 2) / n) cos(pi k (2 i + 1) / 2n)} at row k, column i; [n, n]. */
  private static Tensor basis(long size) {
    int n = Math.toIntExact(size);
    double[] basis = new double[n * n];
    for (int k = 0; k < n; k++) {
      double scale = Math.sqrt((k == 0 ? 1.0 : 2.0) / n);
      for (int i = 0; i < n; i++) {
        basis[k * n + i] = scale * Math.cos(Math.PI * k * (2 * i + 1) / (2 * n));
      }
    }
    return Tensors.ofDoubles(basis, n, n);
  }
}
