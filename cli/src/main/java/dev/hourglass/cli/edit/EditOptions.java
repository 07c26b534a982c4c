package dev.hourglass.cli.edit;

import dev.hourglass.cli.given.GivenImages;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.sampling.Edit;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.sampling.SampleRequest;
import dev.hourglass.sampling.SampleSettings;
import dev.hourglass.sampling.recipe.EditRecipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options that make images from images. */
public final class EditOptions {

  @Option(
      names = "--init-image",
      arity = "1..*",
      paramLabel = "IMAGE",
      description =
          "Start from these images instead of noise. Files, or folders of them; their classes by"
              + " --class, in turn, unless they are drawn by Hourglass and say them.")
  List<Path> images = List.of();

  @Option(
      names = "--strength",
      paramLabel = "S",
      description =
          "How much to change them, the share of the steps that is made: 0 nothing, 1 start from"
              + " noise (default: 0.6; 1 with --mask, --upscale or --colorize).")
  Double strength;

  @Option(
      names = "--mask",
      paramLabel = "FILE",
      description =
          "Draw anew where this image is white, and keep what is black to the bit (inpainting,"
              + " outpainting); gray mixes.")
  Path mask;

  @Option(
      names = "--upscale",
      paramLabel = "N",
      description = "Enlarge small images N times: the means of blocks of NxN pixels are theirs.")
  Integer upscale;

  @Option(names = "--colorize", description = "Give gray images colours.")
  boolean colorize;

  @Option(
      names = "--resample",
      paramLabel = "R",
      description =
          "Make each step R times, which fits what is drawn to what is kept (RePaint; default: 1).")
  Integer repeats;

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  private Map<String, Object> words = Map.of();

  /**
   * Checks that the options go together.
   *
   * @return whether images are to be edited
   */
  public boolean isGiven() {
    List<String> ways =
        Stream.of("--mask", "--upscale", "--colorize").filter(this::isOnCommandLine).toList();
    if (ways.size() > 1) {
      throw new InputException(
          "%s ask for different things of the same image; give one of them."
              .formatted(String.join(" and ", ways)));
    }
    if (images.isEmpty()) {
      Stream.concat(ways.stream(), Stream.of("--strength", "--resample"))
          .filter(this::isOnCommandLine)
          .findFirst()
          .ifPresent(
              option -> {
                throw new InputException(
                    "%s says what to do with an image; give it with --init-image FILE."
                        .formatted(option));
              });
    }
    if (repeats != null && ways.isEmpty()) {
      throw new InputException(
          "--resample fits what is drawn to what is kept; give --mask, --upscale or --colorize with"
              + " it.");
    }
    return !images.isEmpty();
  }

  private boolean isOnCommandLine(String option) {
    return command.commandLine().getParseResult().hasMatchedOption(option);
  }

  /**
   * A request for edited images; as many as are given, unless {@code --count} is.
   *
   * @throws InputException if an image or the mask does not fit the model
   */
  public SampleRequest request(ModelFile file, SampleRequest asked, SampleSettings settings) {
    ModelConfig model = file.config().model();
    Size size = settings.size().orElse(model.inputSize());
    EditRecipe recipe = recipe(size);
    GivenImages given = GivenImages.read(images, recipe.given(size), file, asked.classes());
    Edit edit = recipe.edit(given.pixels(), model, size);
    SampleRequest request =
        isOnCommandLine("--count") ? asked : asked.withCount(given.pixels().size());
    words =
        recipe.words(
            images.stream().map(path -> path.getFileName().toString()).toList(),
            mask == null ? "" : mask.getFileName().toString());
    return request.from(edit).withClasses(classes(asked, given));
  }

  /** Those given stay; those of the images are taken in turn with the images. */
  private static List<Integer> classes(SampleRequest asked, GivenImages given) {
    return asked.classes().isEmpty() ? given.classes() : asked.classes();
  }

  private EditRecipe recipe(Size size) {
    return new EditRecipe(
        strength == null ? OptionalDouble.empty() : OptionalDouble.of(strength),
        mask == null ? Optional.empty() : Optional.of(mask(size)),
        upscale == null ? OptionalInt.empty() : OptionalInt.of(upscale),
        colorize,
        repeats == null ? OptionalInt.empty() : OptionalInt.of(repeats));
  }

  /** How much of each pixel is drawn anew, row by row. */
  private float[] mask(Size size) {
    DecodedImage image = GivenImages.decode(mask, size).withChannels(1);
    float[] anew = new float[size.height() * size.width()];
    for (int i = 0; i < anew.length; i++) {
      anew[i] = (image.pixels()[i] & 0xFF) / 255f;
    }
    return anew;
  }

  /** What was asked for, once it was, to be stored in the images. */
  public Map<String, Object> describe() {
    return words;
  }
}
