package dev.hourglass.sampling.denoise;

import dev.hourglass.diffusion.Denoiser;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Denoises images with a network: at once, or together with what others ask for. */
@FunctionalInterface
public interface Evaluator {

  /**
   * The denoised images.
   *
   * @return {@code [n, c, h, w]}; a tensor of its own in the caller's scope
   */
  Tensor denoise(Evaluation evaluation);

  /** The denoiser of images with these conditions, one for each. */
  default Denoiser withConditions(List<Condition> conditions) {
    return (x, sigma) -> denoise(new Evaluation(x, sigma, conditions));
  }
}
