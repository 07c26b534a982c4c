package dev.hourglass.sampling.denoise;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Noisy images of one noise level, to be denoised.
 *
 * @param x {@code [n, c, h, w]}
 * @param sigma above 0
 * @param conditions one for each image
 */
public record Evaluation(Tensor x, double sigma, List<Condition> conditions) {

  public Evaluation {
    conditions = List.copyOf(conditions);
  }

  /** How many images it has. */
  public int count() {
    return conditions.size();
  }
}
