package dev.hourglass.serve.batch;

import dev.hourglass.sampling.denoise.Evaluation;
import dev.hourglass.sampling.denoise.NetworkEvaluator;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * A network that evaluates many requests' images at once.
 *
 * @param throughput in images of its own size
 * @param limit images in a pass at most, for images of the model's own size
 */
public record BatchedModel(NetworkEvaluator network, Throughput throughput, int limit) {

  /** In passes of the size that the throughput of the machine justifies. */
  public BatchedModel(NetworkEvaluator network, Throughput throughput) {
    this(network, throughput, throughput.bestSize());
  }

  /** Images in a pass at most, for images of so many pixels: larger ones, the fewer. */
  int limit(long pixels) {
    long own = network.config().inputSize().area();
    return (int) Math.max(1, Math.min(limit, limit * own / pixels));
  }

  /** {@code [n, c, h, w]}, one evaluation after the other. */
  Tensor evaluate(List<Evaluation> evaluations) {
    return network.denoise(evaluations);
  }
}
