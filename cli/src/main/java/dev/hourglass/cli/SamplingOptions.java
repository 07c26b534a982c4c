package dev.hourglass.cli;

import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.samplers.Samplers;
import dev.hourglass.sampling.SampleSettings;
import dev.hourglass.sampling.recipe.SettingsRecipe;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** Options that, with the checkpoint, determine the images. */
final class SamplingOptions {

  @Option(
      names = "--sampler",
      paramLabel = "NAME",
      defaultValue = "dpmpp-3m-sde",
      completionCandidates = SamplerNames.class,
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  String sampler;

  @Option(
      names = "--sampler-options",
      paramLabel = "NAME=X,...",
      defaultValue = "",
      description = "For the sampler, such as eta=0.5,s_noise=1.003.")
  String samplerOptions;

  @Option(
      names = "--eta",
      paramLabel = "X",
      description = "Short for --sampler-options eta=X: 0 adds no noise, 1 the most usual.")
  Double eta;

  @Option(
      names = "--churn",
      paramLabel = "X",
      description = "Short for --sampler-options s_churn=X.")
  Double churn;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description =
          "Noise levels: karras, exponential, polyexponential:RHO, vp or flow:SHIFT (default:"
              + " karras).")
  String schedule;

  @Option(names = "--steps", paramLabel = "N", description = "Steps of the schedule (default: 50).")
  Integer steps;

  @Option(
      names = "--sigmas",
      paramLabel = "X,X,...",
      split = ",",
      hideParamSyntax = true,
      description = "Noise levels one by one, from high to low, in place of schedule and steps.")
  List<Double> sigmas = List.of();

  @Option(
      names = "--guidance",
      paramLabel = "X",
      defaultValue = "1",
      description =
          "Scale of guidance away from the model without its class, or from --guide; 1 is none"
              + " (default: ${DEFAULT-VALUE}).")
  double guidance;

  @Option(
      names = "--guidance-interval",
      paramLabel = "LOW,HIGH",
      split = ",",
      hideParamSyntax = true,
      description = "Noise levels that are guided (default: all).")
  List<Double> guidanceInterval = List.of();

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description = "Seed of all random numbers (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--size",
      paramLabel = "HxW",
      description = "Size of the images (default: that of the training images).")
  Size size;

  /** For help and completion. */
  static final class SamplerNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Samplers.names().iterator();
    }
  }

  /** Checks all there is to check without the model. */
  SampleSettings settings() {
    if (!sigmas.isEmpty() && (schedule != null || steps != null)) {
      throw new InputException(
          "--sigmas already says all noise levels; leave out %s."
              .formatted(schedule != null ? "--schedule" : "--steps"));
    }
    if (!guidanceInterval.isEmpty() && guidanceInterval.size() != 2) {
      throw new InputException(
          "--guidance-interval is two noise levels, not %d; write for example 0.3,5."
              .formatted(guidanceInterval.size()));
    }
    return recipe().settings();
  }

  private SettingsRecipe recipe() {
    return new SettingsRecipe(
        sampler,
        samplerOptionsText(),
        Optional.ofNullable(schedule),
        sigmas,
        steps == null ? OptionalInt.empty() : OptionalInt.of(steps),
        guidance,
        guidanceInterval,
        seed,
        Optional.ofNullable(size));
  }

  /** The schedule that is given, or the one by default. */
  String scheduleName() {
    return recipe().scheduleName();
  }

  private String samplerOptionsText() {
    List<String> all = new ArrayList<>(Converters.parts(samplerOptions));
    if (eta != null) {
      all.add("eta=" + eta);
    }
    if (churn != null) {
      all.add("s_churn=" + churn);
    }
    return String.join(",", all);
  }

  /** The settings in the words of the options, to be stored in the images. */
  Map<String, Object> describe(Size modelSize) {
    return recipe().words(modelSize);
  }
}
