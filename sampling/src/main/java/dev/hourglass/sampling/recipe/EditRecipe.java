package dev.hourglass.sampling.recipe;

import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.sampling.Edit;
import dev.hourglass.sampling.Known;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * What is to be done with given images, as people ask for it.
 *
 * @param strength how much to change them, in [0, 1]; absent means what suits the rest
 * @param mask how much of each pixel is drawn anew, in [0, 1], row by row
 * @param upscale how many times to enlarge them
 * @param colorize whether to give gray images colours
 * @param resample how often to make each step
 */
public record EditRecipe(
    OptionalDouble strength,
    Optional<float[]> mask,
    OptionalInt upscale,
    boolean colorize,
    OptionalInt resample) {

  /** Of variations; what is known of an image guides it from the highest noise level on. */
  private static final double DEFAULT_STRENGTH = 0.6;

  /**
   * Checks what there is to check without the model.
   *
   * @throws InputException if the wishes do not go together
   */
  public EditRecipe {
    long ways = Stream.of(mask.isPresent(), upscale.isPresent(), colorize).filter(w -> w).count();
    if (ways > 1) {
      throw new InputException(
          "A mask, enlarging and colouring ask for different things of the same image; choose one"
              + " of them.");
    }
    if (resample.isPresent() && ways == 0) {
      throw new InputException(
          "Repeated steps fit what is drawn to what is kept; give a mask, or enlarge or colour, or"
              + " leave resample out.");
    }
  }

  /** The strength that counts. */
  public double strengthOrDefault() {
    boolean keeps = mask.isPresent() || upscale.isPresent() || colorize;
    return strength.orElse(keeps ? 1 : DEFAULT_STRENGTH);
  }

  /**
   * The size that the given images must have.
   *
   * @param drawn the size of the images that are drawn
   * @throws InputException if they cannot be enlarged to it
   */
  public Size given(Size drawn) {
    if (upscale.isEmpty()) {
      return drawn;
    }
    int times = upscale.getAsInt();
    if (times < 1 || drawn.height() % times != 0 || drawn.width() % times != 0) {
      throw new InputException(
          "The factor %d does not divide %s, the size of the images that are drawn; choose another factor or another size."
              .formatted(times, drawn));
    }
    return new Size(drawn.height() / times, drawn.width() / times);
  }

  /**
   * The images as an origin.
   *
   * @param images {@code [c, h, w]} each in [-1, 1], of the {@linkplain #given given} size
   * @throws InputException if the model cannot do it
   */
  public Edit edit(List<float[]> images, ModelConfig model, Size drawn) {
    return new Edit(
        images.stream().map(pixels -> inFull(pixels, model, drawn)).toList(),
        strengthOrDefault(),
        known(model),
        resample.orElse(1));
  }

  private Optional<Known> known(ModelConfig model) {
    if (mask.isPresent()) {
      return Optional.of(new Known.Outside(mask.get()));
    }
    if (upscale.isPresent()) {
      return Optional.of(new Known.Blocks(upscale.getAsInt()));
    }
    if (!colorize) {
      return Optional.empty();
    }
    if (model.inputChannels() != 3) {
      throw new InputException(
          "Colouring needs a model of colour images, and this one draws gray ones.");
    }
    return Optional.of(new Known.GrayValues());
  }

  /** Small images with each pixel as a block; others as they are. */
  private float[] inFull(float[] pixels, ModelConfig model, Size drawn) {
    if (upscale.isEmpty()) {
      return pixels;
    }
    int times = upscale.getAsInt();
    int width = drawn.width();
    int height = drawn.height();
    float[] blocks = new float[model.inputChannels() * height * width]; // [c, h, w]
    for (int i = 0; i < blocks.length; i++) {
      int row = i / width; // Of all channels: [c h]
      blocks[i] = pixels[row / times * (width / times) + i % width / times];
    }
    return blocks;
  }

  /**
   * What was asked for, to be stored in the images.
   *
   * @param images their names
   * @param maskName of the mask, if there is one
   */
  public Map<String, Object> words(List<String> images, String maskName) {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put("init_image", images);
    words.put("strength", strengthOrDefault());
    if (mask.isPresent()) {
      words.put("mask", maskName);
    }
    upscale.ifPresent(times -> words.put("upscale", times));
    if (colorize) {
      words.put("colorize", true);
    }
    resample.ifPresent(times -> words.put("resample", times));
    return words;
  }
}
