package dev.hourglass.model;

import dev.hourglass.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Row and column centres of a grid of tokens, in a box that fits [-1, 1]^2 and keeps the aspect
 * ratio: the longer side spans [-1, 1] (docs/model.md, 3.5). They are float32 whatever the weights
 * are, as in the authors' code: the angles are up to 31 times a position, so its rounding is
 * visible in the result.
 */
@SuppressWarnings("ArrayRecordComponent") // A value passed down the levels, never compared.
record AxialPositions(float[] y, float[] x) {

  static AxialPositions of(int rows, int columns) {
    double aspect = (double) columns / rows;
    return new AxialPositions(
        centres(rows, aspect > 1 ? 1 / aspect : 1), centres(columns, aspect < 1 ? aspect : 1));
  }

  /** Middles of {@code count} equal parts of [-extent, extent]. */
  private static float[] centres(int count, double extent) {
    float[] edges =
        Tensors.toFloats(torch.linspace(new Scalar(-extent), new Scalar(extent), count + 1));
    float[] centres = new float[count];
    for (int i = 0; i < count; i++) {
      centres[i] = (edges[i] + edges[i + 1]) / 2;
    }
    return centres;
  }

  /**
   * The next level's: the mean of each token's four children, summed row by row as the authors'
   * code does.
   */
  AxialPositions merged() {
    float[] mergedY = new float[y.length / 2];
    for (int i = 0; i < mergedY.length; i++) {
      mergedY[i] = (y[2 * i] + y[2 * i] + y[2 * i + 1] + y[2 * i + 1]) / 4;
    }
    float[] mergedX = new float[x.length / 2];
    for (int i = 0; i < mergedX.length; i++) {
      mergedX[i] = (x[2 * i] + x[2 * i + 1] + x[2 * i] + x[2 * i + 1]) / 4;
    }
    return new AxialPositions(mergedY, mergedX);
  }

  /** {@code [rows]}, in the type and on the device of {@code like}. */
  Tensor rows(Tensor like) {
    return Tensors.ofFloats(y, y.length).to(like);
  }

  /** {@code [columns]}, in the type and on the device of {@code like}. */
  Tensor columns(Tensor like) {
    return Tensors.ofFloats(x, x.length).to(like);
  }
}
