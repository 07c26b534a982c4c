package dev.hourglass.cli.edit;

import dev.hourglass.cli.given.GivenImages;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.sampling.Edit;
import dev.hourglass.sampling.Known;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.sampling.SampleRequest;
import dev.hourglass.sampling.SampleSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options that make images from images. */
public final class EditOptions {

  /** Of variations; what is known of an image guides it from the highest noise level on. */
  private static final double DEFAULT_STRENGTH = 0.6;

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
    GivenImages given = GivenImages.read(images, given(size), file, asked.classes());
    Edit edit =
        new Edit(
            given.pixels().stream().map(pixels -> inFull(pixels, model, size)).toList(),
            strength(),
            known(model, size),
            repeats == null ? 1 : repeats);
    SampleRequest request =
        isOnCommandLine("--count") ? asked : asked.withCount(given.pixels().size());
    return request.from(edit).withClasses(classes(asked, given));
  }

  /** Those given stay; those of the images are taken in turn with the images. */
  private static List<Integer> classes(SampleRequest asked, GivenImages given) {
    return asked.classes().isEmpty() ? given.classes() : asked.classes();
  }

  private double strength() {
    if (strength != null) {
      return strength;
    }
    return mask != null || upscale != null || colorize ? 1 : DEFAULT_STRENGTH;
  }

  /** The size of the images to start from. */
  private Size given(Size size) {
    if (upscale == null) {
      return size;
    }
    if (upscale < 1 || size.height() % upscale != 0 || size.width() % upscale != 0) {
      throw new InputException(
          "--upscale %d does not divide %s, the size of the images that are drawn; choose another factor or --size."
              .formatted(upscale, size));
    }
    return new Size(size.height() / upscale, size.width() / upscale);
  }

  private Optional<Known> known(ModelConfig model, Size size) {
    if (mask != null) {
      return Optional.of(new Known.Outside(mask(size)));
    }
    if (upscale != null) {
      return Optional.of(new Known.Blocks(upscale));
    }
    if (colorize) {
      if (model.inputChannels() != 3) {
        throw new InputException(
            "--colorize needs a model of colour images, and this one draws gray ones.");
      }
      return Optional.of(new Known.GrayValues());
    }
    return Optional.empty();
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

  /** Small images with each pixel as a block; others as they are. */
  private float[] inFull(float[] pixels, ModelConfig model, Size size) {
    if (upscale == null) {
      return pixels;
    }
    int width = size.width();
    int height = size.height();
    float[] blocks = new float[model.inputChannels() * height * width]; // [c, h, w]
    for (int i = 0; i < blocks.length; i++) {
      int row = i / width; // Of all channels: [c h]
      blocks[i] = pixels[row / upscale * (width / upscale) + i % width / upscale];
    }
    return blocks;
  }

  /** What was asked for, to be stored in the images. */
  public Map<String, Object> describe() {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put("init_image", images.stream().map(path -> path.getFileName().toString()).toList());
    words.put("strength", strength());
    if (mask != null) {
      words.put("mask", mask.getFileName().toString());
    }
    if (upscale != null) {
      words.put("upscale", upscale);
    }
    if (colorize) {
      words.put("colorize", true);
    }
    if (repeats != null) {
      words.put("resample", repeats);
    }
    return words;
  }
}
