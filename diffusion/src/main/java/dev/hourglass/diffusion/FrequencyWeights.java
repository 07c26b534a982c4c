package dev.hourglass.diffusion;

import dev.hourglass.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * Errors weighted by spatial frequency (key {@code loss_scales}; Crowson et al. 2024, appendix):
 * the orthonormal discrete cosine transform (DCT-II) of an image's errors, whose squares have the
 * same mean as those of the errors themselves, times weights that grow by 1 an octave from the
 * highest frequency down. For images of one size, for which everything is computed once.
 */
final class FrequencyWeights {

  private final double[] rows; // [h, h]
  private final double[] columns; // [w, w]
  private final double[] weights; // [h, w]

  /**
   * The weights of a size.
   *
   * @param scales the largest weight; below 1 there is none
   */
  FrequencyWeights(int height, int width, double scales) {
    rows = basis(height);
    columns = basis(width);
    weights = new double[height * width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        weights[y * width + x] = Math.min(weight(y, height, scales), weight(x, width, scales));
      }
    }
  }

  /**
   * The squared DCT of errors times the weights.
   *
   * @param errors [n, c, h, w]
   * @return [n, c, h, w]
   */
  Tensor weightedSquares(Tensor errors) {
    Tensor factors =
        Tensors.ofDoubles(weights, errors.size(-2), errors.size(-1)).to(errors.scalar_type());
    return transform(errors).square().mul(factors);
  }

  /** The orthonormal DCT-II of the last two axes. */
  Tensor transform(Tensor images) {
    long h = images.size(-2);
    long w = images.size(-1);
    Tensor fromRows = Tensors.ofDoubles(rows, h, h).to(images.scalar_type());
    Tensor fromColumns = Tensors.ofDoubles(columns, w, w).to(images.scalar_type());
    return fromRows.matmul(images).matmul(fromColumns.t());
  }

  /** {@code min(f(y, h), f(x, w))} of each frequency, [h, w]. */
  double[] weights() {
    return weights.clone();
  }

  /** {@code f(i, n) = min(-log2(0.5 / n + i (0.5 - 0.5 / n) / (n - 1)), scales)}. */
  private static double weight(int i, int n, double scales) {
    double lowest = 0.5 / n;
    double frequency = n == 1 ? lowest : lowest + i * (0.5 - lowest) / (n - 1);
    double octaves = -Math.log(frequency) / Math.log(2);
    return scales < 1 ? octaves : Math.min(octaves, scales);
  }

  /** {@code sqrt((k = 0 ? 1 : 2) / n) cos(pi k (2 i + 1) / 2n)} at row k, column i; [n, n]. */
  private static double[] basis(int n) {
    double[] basis = new double[n * n];
    for (int k = 0; k < n; k++) {
      double scale = Math.sqrt((k == 0 ? 1.0 : 2.0) / n);
      for (int i = 0; i < n; i++) {
        basis[k * n + i] = scale * Math.cos(Math.PI * k * (2 * i + 1) / (2 * n));
      }
    }
    return basis;
  }
}
