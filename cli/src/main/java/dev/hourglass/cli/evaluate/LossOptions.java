package dev.hourglass.cli.evaluate;

import dev.hourglass.config.Config;
import dev.hourglass.core.InputException;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.training.validation.HoldOut;
import dev.hourglass.training.validation.ValidationLevels;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of the loss on held-out images. */
public final class LossOptions {

  @Option(
      names = "--loss",
      description =
          "Measure the loss of the model on the real images instead, at fixed noise levels: as"
              + " train --validate does.")
  boolean wanted;

  @Option(
      names = "--held-out",
      paramLabel = "SHARE",
      description =
          "With --loss: only the images that train --validate SHARE held out (default: all).")
  String heldOut;

  @Option(
      names = "--levels-of",
      paramLabel = "FILE",
      description =
          "With --loss: at the noise levels of another config or checkpoint, to compare with it"
              + " (default: the model's own).")
  Path levelsOf;

  /** Whether the loss is to be measured. */
  public boolean wanted() {
    if (!wanted && (heldOut != null || levelsOf != null)) {
      throw new InputException(
          "--held-out and --levels-of say how --loss is measured; give --loss.");
    }
    return wanted;
  }

  /** The share of the images that are measured; 0 for all. */
  double heldOut() {
    return heldOut == null ? 0 : HoldOut.share(heldOut, "--held-out");
  }

  /** The noise levels for a model. */
  ValidationLevels levels(ModelFile model) {
    Config config = levelsOf == null ? model.config() : ModelFile.configOf(levelsOf);
    return ValidationLevels.of(config.model().diffusion());
  }
}
