package dev.hourglass.model;

import dev.hourglass.architecture.primitive.ParameterSpec;
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
      case ZEROS -> {}
      case ONES -> Arrays.fill(values, 1);
      case HALF -> Arrays.fill(values, 0.5f);
      case TEN -> Arrays.fill(values, 10);
      case LINEAR -> {
        double bound = 1 / Math.sqrt(spec.shape().get(1));
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
      }
      case NORMAL, FOURIER -> random.fillGaussian(values, 0, values.length);
      case ROTARY -> fillRotary(values, spec.shape().get(0).intValue());
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
