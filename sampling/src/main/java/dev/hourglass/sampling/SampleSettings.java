package dev.hourglass.sampling;

import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.Guidance;
import dev.hourglass.diffusion.SigmaSchedule;
import dev.hourglass.diffusion.samplers.SamplerOptions;
import java.util.List;
import java.util.Optional;

/**
 * How images are drawn. With a checkpoint and an image's index they determine the image.
 *
 * @param sampler a name of {@link dev.hourglass.diffusion.samplers.Samplers#names()}
 * @param options of that sampler: eta, churn, ...
 * @param steps of the sigma schedule
 * @param guidance by the model without its classes or by another; NONE is the plain conditional
 *     model
 * @param size of the images; the training size if absent
 */
public record SampleSettings(
    String sampler,
    SamplerOptions options,
    SigmaSchedule schedule,
    int steps,
    Guidance guidance,
    long seed,
    Optional<Size> size) {

  /** What the paper samples with: DPM-Solver++(3M) SDE, 50 steps (HDiT, table 5). */
  public static final SampleSettings DEFAULT =
      new SampleSettings(
          "dpmpp-3m-sde",
          SamplerOptions.NONE,
          new SigmaSchedule.Karras(7),
          50,
          Guidance.NONE,
          0,
          Optional.empty());

  public SampleSettings {
    if (steps < 1) {
      throw new InputException(
          "The number of sampling steps must be at least 1, not %d.".formatted(steps));
    }
  }

  public SampleSettings withSampler(String newSampler, SamplerOptions newOptions) {
    return new SampleSettings(newSampler, newOptions, schedule, steps, guidance, seed, size);
  }

  public SampleSettings withSchedule(SigmaSchedule newSchedule) {
    return new SampleSettings(sampler, options, newSchedule, steps, guidance, seed, size);
  }

  public SampleSettings withSteps(int newSteps) {
    return new SampleSettings(sampler, options, schedule, newSteps, guidance, seed, size);
  }

  /** With a list of noise levels, from high to low without the 0 at the end. */
  public SampleSettings withSigmas(List<Double> sigmas) {
    return withSchedule(new SigmaSchedule.Listed(sigmas)).withSteps(sigmas.size());
  }

  /** With the same guidance at all noise levels. */
  public SampleSettings withGuidance(double scale) {
    return withGuidance(Guidance.constant(scale));
  }

  public SampleSettings withGuidance(Guidance newGuidance) {
    return new SampleSettings(sampler, options, schedule, steps, newGuidance, seed, size);
  }

  public SampleSettings withSeed(long newSeed) {
    return new SampleSettings(sampler, options, schedule, steps, guidance, newSeed, size);
  }

  public SampleSettings withSize(Size newSize) {
    return new SampleSettings(
        sampler, options, schedule, steps, guidance, seed, Optional.of(newSize));
  }
}
