package dev.hourglass.evaluation;

import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Standard errors by computing a number again from parts of the images. The weights of resample r
 * follow from (seed, r) and the number of images alone, so those of two models are the same.
 */
public enum Resampling {

  /** As many images drawn with replacement (Efron 1979). */
  BOOTSTRAP("bootstrap") {
    @Override
    int[] draw(int images, RandomStream stream) {
      int[] weights = new int[images];
      for (int i = 0; i < images; i++) {
        weights[stream.nextInt(images)]++;
      }
      return weights;
    }

    @Override
    double factor(int images) {
      return 1;
    }
  },

  /**
   * Half of the images without replacement: the delete-d jackknife (Shao and Wu 1989). For numbers
   * that are made of distances to nearest neighbours, which copies of an image would turn into
   * zeros.
   */
  HALF_SAMPLES("half-samples") {
    @Override
    int[] draw(int images, RandomStream stream) {
      int[] weights = new int[images];
      int[] order = stream.permutation(images);
      Arrays.stream(order, 0, images / 2).forEach(image -> weights[image] = 1);
      return weights;
    }

    @Override
    double factor(int images) {
      int kept = images / 2;
      return (double) kept / (images - kept);
    }
  };

  private final String text;

  Resampling(String text) {
    this.text = text;
  }

  /** What tables call it. */
  public String text() {
    return text;
  }

  /** How often each image is taken, {@code [images]}. */
  public int[] weights(int images, long seed, int resample) {
    return draw(images, RandomStream.of(seed, Purpose.RESAMPLING, resample));
  }

  /**
   * The standard error of a number.
   *
   * @param number computed from weights of the images
   * @return empty for fewer than two resamples
   */
  public OptionalDouble standardError(
      int images, Resamples resamples, ToDoubleFunction<int[]> number) {
    if (resamples.count() < 2) {
      return OptionalDouble.empty();
    }
    double[] numbers =
        IntStream.range(0, resamples.count())
            .mapToDouble(r -> number.applyAsDouble(weights(images, resamples.seed(), r)))
            .toArray();
    double mean = Arrays.stream(numbers).average().orElseThrow();
    double squares = Arrays.stream(numbers).map(x -> (x - mean) * (x - mean)).sum();
    return OptionalDouble.of(Math.sqrt(factor(images) * squares / (numbers.length - 1)));
  }

  abstract int[] draw(int images, RandomStream stream);

  /** What the variance between resamples is multiplied with. */
  abstract double factor(int images);
}
