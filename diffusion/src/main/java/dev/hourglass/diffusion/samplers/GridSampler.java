package dev.hourglass.diffusion.samplers;

import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.noise.NoiseSource;
import dev.hourglass.diffusion.samplers.step.History;
import dev.hourglass.diffusion.samplers.step.Linear;
import dev.hourglass.diffusion.samplers.step.SamplerListener;
import dev.hourglass.diffusion.samplers.step.Step;
import dev.hourglass.tensor.Scope;
import java.util.OptionalInt;
import org.bytedeco.pytorch.Tensor;

/** A sampler that makes one step between each two neighbours of the grid of noise levels. */
abstract sealed class GridSampler extends Sampler
    permits ChurnSampler,
        EulerAncestral,
        Dpm2Ancestral,
        LinearMultistep,
        DpmPp2SAncestral,
        DpmPpSde,
        DpmPp2M,
        DpmPp2MSde,
        DpmPp3MSde {

  /** Evaluations of the denoiser in a step that is not the last; the last one has one. */
  abstract int evaluationsPerStep();

  /** How many tensors it hands from step to step. */
  int memory() {
    return 0;
  }

  /** The images at the end of the step. */
  abstract Tensor step(Step step);

  @Override
  public final OptionalInt evaluations(int steps) {
    return OptionalInt.of(evaluationsPerStep() * (steps - 1) + 1);
  }

  @Override
  final Tensor solve(
      Denoiser denoiser,
      Tensor x,
      double[] sigmas,
      NoiseSource noise,
      Repeats repeats,
      SamplerListener listener) {
    try (History history = new History(memory());
        History images = new History(1)) {
      images.push(x);
      for (int i = 0; i < sigmas.length - 1; i++) {
        for (int time = 0; time < repeats.times(); time++) {
          if (time > 0) {
            history.clear(); // It came from a path that is left here.
            goBack(images, sigmas[i + 1], sigmas[i], repeats.back());
          }
          NoiseSource drawn = time == 0 ? noise : repeats.again().get(time - 1);
          Step.Run run = new Step.Run(denoiser, sigmas, drawn, listener, history);
          Step step = new Step(run, i, images.get(0));
          Scope.run(() -> images.push(step(step)));
        }
      }
      return new Tensor(images.get(0));
    }
  }

  /** From the end of a step to its beginning, by adding the noise that it took away. */
  private static void goBack(History images, double end, double start, NoiseSource back) {
    Scope.run(
        () -> {
          Tensor x = images.get(0);
          Tensor noise = Step.like(x, back.noise(start, end));
          images.push(Linear.plus(x, Math.sqrt(start * start - end * end), noise));
        });
  }
}
