package dev.hourglass.diffusion.ode;

import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.samplers.step.History;
import dev.hourglass.diffusion.samplers.step.Linear;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Torch;
import java.util.function.IntConsumer;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * The noise that a deterministic sampler draws given images from: its steps in reverse order, each
 * taken back.
 *
 * <p>To take back a step {@code y = phi(x)} is to solve for x. The same method in the other
 * direction gives a first guess, off by what the method itself is off by; {@code x <- x + (y -
 * phi(x))} makes it better each time, since phi shrinks differences between images by no more than
 * the ratio of the two noise levels: what is wrong falls to {@code 1 - sigma' / sigma} of it or
 * less, where the model is smooth. The last step of a sampler, to no noise at all, cannot be taken
 * back: images are taken to be at the level before it.
 *
 * @param refinements of each step, 0 for the first guess alone
 */
public record Inversion(FlowMethod method, int refinements) {

  /**
   * The noise of a batch of images.
   *
   * @param images values in [-1, 1], [n, c, h, w]
   * @param sigmas of the sampler: decreasing, the last one 0
   * @param done hears of each step that is taken back, counted from 1
   * @return at the noise level {@code sigmas[0]}, [n, c, h, w]
   */
  public Tensor noise(Denoiser denoiser, Tensor images, double[] sigmas, IntConsumer done) {
    Torch.start();
    try (NoGradGuard _ = new NoGradGuard();
        History now = new History(1)) {
      now.push(images);
      for (int i = sigmas.length - 3; i >= 0; i--) {
        double high = sigmas[i];
        double low = sigmas[i + 1];
        Scope.run(() -> now.push(takeBack(denoiser, now.get(0), low, high)));
        done.accept(sigmas.length - 2 - i);
      }
      return new Tensor(now.get(0));
    }
  }

  /** The evaluations of the denoiser for a batch on a grid of {@code steps} steps. */
  public int evaluations(int steps) {
    return (steps - 1) * (1 + refinements) * (method == FlowMethod.EULER ? 1 : 2);
  }

  private Tensor takeBack(Denoiser denoiser, Tensor y, double low, double high) {
    Tensor x = method.step(denoiser, y, low, high);
    for (int r = 0; r < refinements; r++) {
      Tensor missed = Linear.plus(y, -1, method.step(denoiser, x, high, low));
      x = Linear.plus(x, 1, missed);
    }
    return x;
  }
}
