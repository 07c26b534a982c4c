package dev.hourglass.model;

import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.architecture.primitive.Start;
import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;
import java.util.Arrays;

/** The values a tensor starts with: a function of the seed and the tensor's name. */
final class InitialValues {

  private InitialValues() {}

  static float[] of(ParameterSpec spec, long seed) {
    RandomStream random = RandomStream.of(seed, Purpose.INITIAL_WEIGHTS, spec.name().hashCode());
    float[] values = new float[Math.toIntExact(spec.elements())];
    switch (spec.start()) {
      case Start.Constant(double value) -> Arrays.fill(values, (float) value);
      case Start.Uniform(double bound) -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
      }
      case Start.Normal(double deviation) -> {
        random.fillGaussian(values, 0, values.length);
        for (int i = 0; i < values.length; i++) {
          values[i] *= (float) deviation;
        }
      }
      case Start.Fourier() -> random.fillGaussian(values, 0, values.length);
      case Start.Rotary() -> fillRotary(values, spec.shape().get(0).intValue());
      case Start.SineCosine() -> {
        int[] grid = spec.shape().stream().mapToInt(Long::intValue).toArray();
        return SineCosineTable.of(grid[1], grid[2], grid[3]);
      }
    }
    return values;
  }

  /**
   * {@code exp(linspace(log(pi), log(10 pi), heads * d/8 + 1)[:-1])}, dealt out to the heads in
   * turn, so that all heads together cover the frequencies evenly (docs/model.md, 3.4). {@code
   * [heads, d/8]}
   */
  private static void fillRotary(float[] freqs, int heads) {
    int perHead = freqs.length / heads;
    double low = Math.log(Math.PI);
    double high = Math.log(10 * Math.PI);
    for (int i = 0; i < freqs.length; i++) {
      int head = i % heads;
      int position = i / heads;
      freqs[head * perHead + position] = (float) Math.exp(low + (high - low) * i / freqs.length);
    }
  }
}
