package dev.hourglass.sampling.denoise;

import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.Guidance;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The denoiser of some images: a model, and what guides it.
 *
 * @param model draws the images
 * @param guide the weaker model of autoguidance; without one the model guides itself, without its
 *     classes
 * @param numClasses of the model
 */
public record GuidedModel(Evaluator model, Optional<Evaluator> guide, int numClasses) {

  /** A denoiser of images with these conditions, which counts its evaluations. */
  public Denoiser denoiser(List<Condition> conditions, Guidance guidance, Counter counter) {
    Denoiser main = counter.main(model.withConditions(conditions));
    if (guidance.isNone()) {
      return main;
    }
    return guide
        .map(weak -> guidance.between(counter.guiding(weak.withConditions(conditions)), main))
        .orElseGet(() -> guidance.ofBoth(counter.both(withoutAndWith(conditions)), main));
  }

  /** The denoiser of 2n images: first without a class, then the same with it. */
  private Denoiser withoutAndWith(List<Condition> conditions) {
    return model.withConditions(
        Stream.concat(
                conditions.stream().map(condition -> condition.withoutClass(numClasses)),
                conditions.stream())
            .toList());
  }

  /** Counts evaluations by the image. */
  public static final class Counter {

    private long main;
    private long guiding;

    public Denoiser main(Denoiser denoiser) {
      return (x, sigma) -> {
        main += x.size(0);
        return denoiser.denoise(x, sigma);
      };
    }

    public Denoiser guiding(Denoiser denoiser) {
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

    public Evaluations evaluations() {
      return new Evaluations(main, guiding);
    }
  }
}
