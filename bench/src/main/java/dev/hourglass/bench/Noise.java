package dev.hourglass.bench;

import dev.hourglass.core.random.RandomStream;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/** Made-up activations. */
final class Noise {

  private Noise() {}

  /** Standard normal numbers, the same at every call. */
  static Tensor normal(long... shape) {
    long count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    float[] values = new float[Math.toIntExact(count)];
    RandomStream.of(0).fillGaussian(values, 0, values.length);
    return Tensors.ofFloats(values, shape);
  }
}
