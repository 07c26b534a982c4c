package dev.hourglass.cli.latents;

import dev.hourglass.cli.given.GivenImages;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.noise.NoiseKind;
import dev.hourglass.diffusion.ode.FlowMethod;
import dev.hourglass.diffusion.ode.Inversion;
import dev.hourglass.diffusion.samplers.Samplers;
import dev.hourglass.sampling.ImageGenerator;
import dev.hourglass.sampling.Latents;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.sampling.SampleListener;
import dev.hourglass.sampling.SampleRequest;
import dev.hourglass.sampling.SampleSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options that write noise instead of images, or draw from such noise. */
public final class LatentOptions {

  /** Leave less than a third of a level of 255 at 50 steps: docs/sampling.md. */
  private static final Map<FlowMethod, Integer> REFINEMENTS =
      Map.of(FlowMethod.EULER, 2, FlowMethod.HEUN, 1);

  @Option(
      names = "--invert",
      arity = "1..*",
      paramLabel = "IMAGE",
      description =
          "Write the noise that euler or heun (default: heun) draws these images from to the file"
              + " --out. Files, or folders of them; their classes by --class, in turn, unless they"
              + " are drawn by Hourglass and say them.")
  List<Path> images = List.of();

  @Option(
      names = "--latents",
      paramLabel = "FILE",
      description =
          "Draw from the noise that --invert has written, with its settings and classes where none"
              + " are given.")
  Path file;

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  /** Whether images shall be inverted. */
  public boolean inverting() {
    return !images.isEmpty();
  }

  /** Whether to draw from given noise. */
  public boolean drawing() {
    return file != null;
  }

  /** What to tell of the noise in an image drawn from it. */
  public String fileName() {
    return file.getFileName().toString();
  }

  /** Both at once make no sense. */
  public void check() {
    if (inverting() && drawing()) {
      throw new InputException(
          "--invert writes latents and --latents draws from them; give one of the two.");
    }
  }

  /** Whether an option of the command is on the command line. */
  public boolean isGiven(String option) {
    return command.commandLine().getParseResult().hasMatchedOption(option);
  }

  /** Refuses options that have no meaning with these. */
  public void refuse(String... options) {
    for (String option : options) {
      if (isGiven(option)) {
        throw new InputException(
            "%s has no meaning with %s, which says how many images there are and how large; leave it out."
                .formatted(option, inverting() ? "--invert" : "--latents"));
      }
    }
  }

  /** The noise to draw from. */
  public Latents read() {
    return Latents.read(file);
  }

  /**
   * A request for the images of some noise, one for each.
   *
   * @throws InputException if the noise is not of the model's, or the sampler adds other noise
   */
  public SampleRequest request(
      Latents latents, ModelFile file, SampleRequest given, SampleSettings settings) {
    ModelConfig model = file.config().model();
    Size size = settings.size().orElse(model.inputSize());
    latents.requireOf(
        this.file,
        file,
        List.of((long) model.inputChannels(), (long) size.height(), (long) size.width()));
    if (noise(settings) != NoiseKind.NONE) {
      throw new InputException(
          "The sampler %s adds noise of its own, so that the latents would not decide the images; choose one that adds none, such as heun."
              .formatted(settings.sampler()));
    }
    SampleRequest request = given.withCount(latents.count()).from(latents);
    return given.classes().isEmpty()
        ? request.withClasses(latents.description().classes())
        : request;
  }

  /**
   * Inverts the images.
   *
   * @param request gives classes and batch size
   * @param schedule as the user writes it
   */
  public Latents invert(
      ModelFile file,
      ImageGenerator generator,
      SampleRequest request,
      SampleSettings settings,
      String schedule,
      SampleListener listener) {
    FlowMethod method = method(settings);
    if (settings.steps() < 2) {
      throw new InputException("--invert needs at least 2 steps; give more --steps.");
    }
    GivenImages given =
        GivenImages.read(images, file.config().model().inputSize(), file, request.classes());
    int n = given.pixels().size();
    float[] noise =
        generator.invert(
            given.pixels(),
            new SampleRequest(0, n, request.batchSize(), given.classes(), request.vector()),
            settings,
            new Inversion(method, REFINEMENTS.get(method)),
            listener);
    ModelConfig model = file.config().model();
    return new Latents(
        List.of(
            (long) n,
            (long) model.inputChannels(),
            (long) model.inputSize().height(),
            (long) model.inputSize().width()),
        noise,
        new Latents.Description(
            file.digest(),
            file.path().getFileName().toString(),
            settings.sampler(),
            schedule,
            settings.steps(),
            settings.guidance().scale(),
            given.names(),
            given.classes()));
  }

  private static FlowMethod method(SampleSettings settings) {
    return Arrays.stream(FlowMethod.values())
        .filter(method -> method.samplerName().equals(settings.sampler()))
        .filter(method -> noise(settings) == NoiseKind.NONE)
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "--invert takes back the steps of --sampler euler or heun without churn, not of %s with %s; choose one of them."
                        .formatted(settings.sampler(), settings.options())));
  }

  private static NoiseKind noise(SampleSettings settings) {
    return Samplers.byName(settings.sampler(), settings.options()).noiseKind();
  }
}
