package dev.hourglass.evaluation;

import dev.hourglass.core.InputException;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The Inception Score (Salimans et al., "Improved techniques for training GANs", 2016, section 4):
 * {@code exp(mean KL(p(y|x) || p(y)))}, the mean over consecutive parts of the images.
 *
 * @param mean over the parts
 * @param deviation between them, the population's: what is published as +-
 */
public record InceptionScore(double mean, double deviation) {

  /** As published. */
  public static final int PARTS = 10;

  /**
   * The score of a set of images.
   *
   * @param logits {@code [n, classes]}, before the softmax, in random order
   * @param parts at most n
   */
  public static InceptionScore of(Tensor logits, int parts) {
    return of(new Predictions(logits), parts, ones(logits));
  }

  /** The score with its standard error, by the bootstrap. */
  static Estimate estimate(Tensor logits, int parts, Resamples resamples) {
    Predictions predictions = new Predictions(logits);
    int images = Math.toIntExact(logits.size(0));
    OptionalDouble error =
        Resampling.BOOTSTRAP.standardError(
            images, resamples, weights -> of(predictions, parts, weights).mean());
    return new Estimate(of(predictions, parts, ones(logits)).mean(), error);
  }

  private static int[] ones(Tensor logits) {
    int[] ones = new int[Math.toIntExact(logits.size(0))];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static InceptionScore of(Predictions predictions, int parts, int[] weights) {
    int images = weights.length;
    if (parts < 1 || parts > images) {
      throw new InputException(
          "The Inception Score divides the images into parts, but there are %d images for %d parts; give fewer parts or more images."
              .formatted(images, parts));
    }
    double[] scores =
        IntStream.range(0, parts)
            .filter(
                part -> anyOf(weights, start(part, images, parts), start(part + 1, images, parts)))
            .mapToDouble(
                part ->
                    predictions.score(
                        start(part, images, parts), start(part + 1, images, parts), weights))
            .toArray();
    double mean = Arrays.stream(scores).average().orElseThrow();
    double variance =
        Arrays.stream(scores).map(score -> (score - mean) * (score - mean)).average().orElseThrow();
    return new InceptionScore(mean, Math.sqrt(variance));
  }

  private static int start(int part, int images, int parts) {
    return (int) ((long) part * images / parts);
  }

  /** A resample may leave a small part empty. */
  private static boolean anyOf(int[] weights, int from, int to) {
    return Arrays.stream(weights, from, to).anyMatch(weight -> weight > 0);
  }

  /** What all resamples need of the logits. */
  private static final class Predictions {

    private final Tensor probabilities; // [n, classes]
    private final double[] negativeEntropies; // [n]

    Predictions(Tensor logits) {
      Tensor logs = logits.to(ScalarType.Double).log_softmax(1);
      probabilities = logs.exp();
      negativeEntropies = Tensors.toDoubles(probabilities.mul(logs).sum(1));
    }

    /** {@code mean KL(p || q) = mean sum p log p - sum q log q}, q the mean of p. */
    double score(int from, int to, int[] weights) {
      double[] counts = Arrays.stream(weights, from, to).asDoubleStream().toArray();
      double total = Arrays.stream(counts).sum();
      double ofEach = 0;
      for (int i = from; i < to; i++) {
        ofEach += weights[i] * negativeEntropies[i];
      }
      double[] marginal = new double[Math.toIntExact(probabilities.size(1))];
      Scope.run(
          () -> {
            Tensor sums =
                Tensors.ofDoubles(counts, 1, counts.length)
                    .matmul(probabilities.narrow(0, from, (long) to - from));
            System.arraycopy(Tensors.toDoubles(sums), 0, marginal, 0, marginal.length);
          });
      double ofMarginal =
          Arrays.stream(marginal)
              .map(sum -> sum / total)
              .map(q -> q > 0 ? q * Math.log(q) : 0)
              .sum();
      return Math.exp(ofEach / total - ofMarginal);
    }
  }
}
