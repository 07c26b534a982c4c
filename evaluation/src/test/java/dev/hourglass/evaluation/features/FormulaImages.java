package dev.hourglass.evaluation.features;

import dev.hourglass.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Images that Python computes from the same integers ({@code make_networks.py}). */
final class FormulaImages {

  private FormulaImages() {}

  /** [n, c, h, w], bytes. */
  static Tensor of(int n, int c, int h, int w) {
    float[] values = new float[n * c * h * w];
    for (int i = 0; i < values.length; i++) {
      int x = i % w;
      int y = i / w % h;
      int channel = i / w / h % c;
      int image = i / w / h / c;
      int value = (7 + 5 * channel) * x + (11 + 3 * image) * y + x * y / (9 + channel) + 40 * image;
      values[i] = Math.abs(value % 510 - 255);
    }
    return Tensors.ofFloats(values, n, c, h, w).to(ScalarType.Byte);
  }
}
