package dev.hourglass.cli.edit;

import dev.hourglass.core.InputException;
import dev.hourglass.sampling.Interpolation;
import dev.hourglass.sampling.SampleRequest;
import dev.hourglass.sampling.picture.Animation;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options that go from one image to another, and show ways as animations. */
public final class AnimationOptions {

  private static final int DEFAULT_FRAMES = 16;

  @Option(
      names = "--interpolate",
      paramLabel = "FROM,TO",
      split = ",",
      hideParamSyntax = true,
      description =
          "Draw the way from an image of one seed to the same image of another; --class has one"
              + " class, or those of the two ends.")
  List<Long> seeds = List.of();

  @Option(
      names = "--frames",
      paramLabel = "N",
      description = "Images on that way, both ends included (default: " + DEFAULT_FRAMES + ").")
  Integer frames;

  @Option(
      names = "--animate",
      paramLabel = "FILE",
      description =
          "Also write an animation, .gif or .webp: of the way with --interpolate, else of the"
              + " images as they emerge from noise.")
  Path file;

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  /**
   * Checks that the options go together.
   *
   * @return whether a way between images is to be drawn
   */
  public boolean interpolates() {
    if (file != null) {
      Animation.requireFormat(file);
    }
    if (seeds.isEmpty()) {
      if (frames != null) {
        throw new InputException(
            "--frames counts the images between two seeds; give them with --interpolate FROM,TO.");
      }
      return false;
    }
    if (seeds.size() != 2) {
      throw new InputException(
          "--interpolate is two seeds, not %d; write for example 3,8.".formatted(seeds.size()));
    }
    Stream.of("--seed", "--count")
        .filter(option -> command.commandLine().getParseResult().hasMatchedOption(option))
        .findFirst()
        .ifPresent(
            option -> {
              throw new InputException(
                  "%s has no meaning with --interpolate FROM,TO and --frames; leave it out."
                      .formatted(option));
            });
    return true;
  }

  /** The seed of the first image. */
  public long firstSeed() {
    return seeds.getFirst();
  }

  /** A request for the images of the way. */
  public SampleRequest request(SampleRequest asked) {
    Interpolation way =
        new Interpolation(seeds.getLast(), frames == null ? DEFAULT_FRAMES : frames);
    return asked.withCount(way.frames()).from(way);
  }

  /** What was asked for, to be stored in the images. */
  public Map<String, Object> describe() {
    Map<String, Object> words = new LinkedHashMap<>();
    if (!seeds.isEmpty()) {
      words.put("interpolate", seeds);
      words.put("frames", frames == null ? DEFAULT_FRAMES : frames);
    }
    return words;
  }

  public boolean isWanted() {
    return file != null;
  }

  /** The animation to write, if one is. */
  public AnimationFile animation() {
    return new AnimationFile(file, !seeds.isEmpty());
  }
}
