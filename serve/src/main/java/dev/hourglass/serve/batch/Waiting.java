package dev.hourglass.serve.batch;

import dev.hourglass.sampling.denoise.Evaluation;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.bytedeco.pytorch.Tensor;

/**
 * An evaluation that waits for its pass.
 *
 * @param result a tensor that whoever waits for it owns
 */
record Waiting(
    BatchedModel model, Share share, Evaluation evaluation, CompletableFuture<Tensor> result) {

  /** Whether both can be computed in one pass. */
  boolean goesWith(Waiting other) {
    return model.equals(other.model)
        && Arrays.equals(imageShape(evaluation.x()), imageShape(other.evaluation.x()))
        && evaluation.x().scalar_type().intern() == other.evaluation.x().scalar_type().intern();
  }

  int images() {
    return evaluation.count();
  }

  /** Of each image. */
  long pixels() {
    return evaluation.x().size(2) * evaluation.x().size(3);
  }

  /** {@code [c, h, w]}. */
  private static long[] imageShape(Tensor x) {
    return new long[] {x.size(1), x.size(2), x.size(3)};
  }
}
