package dev.hourglass.cli;

import dev.hourglass.core.InputException;
import dev.hourglass.ops.Ops;
import dev.hourglass.sampling.ImageGenerator;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.sampling.SampleSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The model that leads another away from itself (autoguidance). */
final class GuideOption {

  @Option(
      names = "--guide",
      paramLabel = "FILE",
      description =
          "A weaker model of the same images, such as an earlier checkpoint: --guidance then leads"
              + " away from it (autoguidance).")
  Path file;

  Optional<ModelFile> model() {
    return Optional.ofNullable(file).map(ModelFile::open);
  }

  /** Refuses a guide that none of the settings asks. */
  void requireAsked(List<SampleSettings> settings) {
    if (file != null && settings.stream().allMatch(each -> each.guidance().isNone())) {
      throw new InputException(
          "--guide has no effect at a --guidance of 1; give a scale above it, such as 1.5.");
    }
  }

  /**
   * Loads a model with its guide.
   *
   * @param guide as {@link #model} gave it
   */
  static ImageGenerator load(ModelFile model, Optional<ModelFile> guide, Ops ops) {
    return guide
        .map(weaker -> ImageGenerator.load(model, weaker, ops))
        .orElseGet(() -> ImageGenerator.load(model, ops));
  }
}
