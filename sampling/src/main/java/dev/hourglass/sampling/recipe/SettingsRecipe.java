package dev.hourglass.sampling.recipe;

import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.Guidance;
import dev.hourglass.diffusion.SigmaSchedule;
import dev.hourglass.diffusion.samplers.SamplerOptions;
import dev.hourglass.diffusion.samplers.Samplers;
import dev.hourglass.sampling.SampleSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The settings that, with the model and an image's index, determine an image, as people write them.
 *
 * @param samplerOptions such as {@code eta=0.5,s_noise=1.003}; empty for none
 * @param schedule by name; absent means karras, and must be absent where noise levels are listed
 * @param sigmas noise levels one by one, from high to low; empty where a schedule gives them
 * @param steps of the schedule; absent means 50, and must be absent where noise levels are listed
 * @param guidanceInterval two noise levels; empty for all
 * @param size of the images; absent means that of the training images
 */
public record SettingsRecipe(
    String sampler,
    String samplerOptions,
    Optional<String> schedule,
    List<Double> sigmas,
    OptionalInt steps,
    double guidance,
    List<Double> guidanceInterval,
    long seed,
    Optional<Size> size) {

  /** Of a schedule, where none is asked for. */
  public static final String DEFAULT_SCHEDULE = "karras";

  public SettingsRecipe {
    sigmas = List.copyOf(sigmas);
    guidanceInterval = List.copyOf(guidanceInterval);
  }

  /**
   * Checks all there is to check without the model.
   *
   * @throws InputException if something is unknown, out of range, or said twice
   */
  public SampleSettings settings() {
    SamplerOptions options = SamplerOptions.parse(samplerOptions);
    Samplers.byName(sampler, options);
    return new SampleSettings(
        sampler,
        options,
        sigmas.isEmpty() ? SigmaSchedule.parse(scheduleName()) : listed(),
        stepCount(),
        new Guidance(guidance, interval()),
        seed,
        size);
  }

  private SigmaSchedule listed() {
    if (schedule.isPresent() || steps.isPresent()) {
      throw new InputException(
          "The list of sigmas already says all noise levels; leave out the %s."
              .formatted(schedule.isPresent() ? "schedule" : "steps"));
    }
    return new SigmaSchedule.Listed(sigmas);
  }

  /** The schedule that is given, or the one by default. */
  public String scheduleName() {
    return schedule.orElse(DEFAULT_SCHEDULE);
  }

  /** Steps of the schedule, or noise levels of the list. */
  public int stepCount() {
    return sigmas.isEmpty() ? steps.orElse(SampleSettings.DEFAULT.steps()) : sigmas.size();
  }

  private Guidance.Interval interval() {
    return switch (guidanceInterval.size()) {
      case 0 -> Guidance.Interval.EVERYWHERE;
      case 2 -> new Guidance.Interval(guidanceInterval.getFirst(), guidanceInterval.getLast());
      default ->
          throw new InputException(
              "A guidance interval is two noise levels, not %d; write for example 0.3,5."
                  .formatted(guidanceInterval.size()));
    };
  }

  /** The settings in words, to be stored in the images. */
  public Map<String, Object> words(Size modelSize) {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put("sampler", sampler);
    words.put("sampler_options", samplerOptions);
    if (sigmas.isEmpty()) {
      words.put("schedule", scheduleName());
    } else {
      words.put("sigmas", sigmas);
    }
    words.put("steps", stepCount());
    words.put("guidance", guidance);
    if (!guidanceInterval.isEmpty()) {
      words.put("guidance_interval", guidanceInterval);
    }
    words.put("size", size.orElse(modelSize).toString());
    words.put("seed", seed);
    return words;
  }
}
