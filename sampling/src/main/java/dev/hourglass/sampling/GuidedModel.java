package dev.hourglass.sampling;

import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.Guidance;
import java.util.Optional;

/**
 * The denoiser of some images: a model, and what guides it.
 *
 * @param model draws the images
 * @param guide the weaker model of autoguidance; without one the model guides itself, without its
 *     classes
 */
record GuidedModel(ConditionedModel model, Optional<ConditionedModel> guide) {

  /** The denoiser, which counts its evaluations into {@code counter}. */
  Denoiser denoiser(SampleRequest request, Guidance guidance, long[] indices, Counter counter) {
    Denoiser main = counter.main(model.withClasses(request, indices));
    if (guidance.isNone()) {
      return main;
    }
    return guide
        .map(
            weaker -> guidance.between(counter.guiding(weaker.withClasses(request, indices)), main))
        .orElseGet(
            () -> guidance.ofBoth(counter.both(model.withoutAndWith(request, indices)), main));
  }

  /** Counts evaluations by the image. */
  static final class Counter {

    private long main;
    private long guiding;

    Denoiser main(Denoiser denoiser) {
      return (x, sigma) -> {
        main += x.size(0);
        return denoiser.denoise(x, sigma);
      };
    }

    Denoiser guiding(Denoiser denoiser) {
      return (x, sigma) -> {
        guiding += x.size(0);
        return denoiser.denoise(x, sigma);
      };
    }

    /** Of a batch of twice the images. */
    Denoiser both(Denoiser denoiser) {
      return (x, sigma) -> {
        main += x.size(0) / 2;
        guiding += x.size(0) / 2;
        return denoiser.denoise(x, sigma);
      };
    }

    Evaluations evaluations() {
      return new Evaluations(main, guiding);
    }
  }
}
