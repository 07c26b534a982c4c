package dev.hourglass.config;

import dev.hourglass.architecture.Hourglass;
import dev.hourglass.architecture.part.Parts;
import dev.hourglass.core.InputException;
import dev.hourglass.json.Require;
import java.util.List;

/**
 * An Hourglass Diffusion Transformer and the diffusion around it.
 *
 * @param inputChannels channels of an image
 * @param inputSize training size in pixels; {@link #requireSize} holds for it
 * @param patchSize pixels of a token of level 0
 * @param levels from the outermost to the innermost, at least one
 * @param parts what all levels are made of
 * @param mapping the mapping network
 * @param mappingCondDim length of the vector condition, 0 for none
 * @param numClasses classes (the config file's {@code dataset.num_classes}), 0 for none
 * @param diffusion what it is trained to predict, and at which noise levels
 * @param augmentProbability probability of each augmentation, in [0, 1]
 */
public record ModelConfig(
    int inputChannels,
    Size inputSize,
    Size patchSize,
    List<LevelConfig> levels,
    Parts parts,
    MappingConfig mapping,
    int mappingCondDim,
    int numClasses,
    DiffusionConfig diffusion,
    double augmentProbability) {

  /**
   * Checks every range, so that a model that exists can be built.
   *
   * @throws InputException that names the key of the config file, if a value is out of its range
   */
  public ModelConfig {
    levels = List.copyOf(levels);
    Require.positive("model.input_channels", inputChannels);
    LevelRules.checkLevels(levels);
    LevelRules.checkPositions(parts.positions(), levels.getFirst().width());
    Require.notNegative("model.mapping_cond_dim", mappingCondDim);
    Require.notNegative("dataset.num_classes", numClasses);
    Require.probability("model.augment_prob", augmentProbability);
    LevelRules.checkSize(inputSize, "model.input_size", patchSize, levels);
  }

  /**
   * Checks that the model can work on images of a size other than its training size: both sides
   * must be multiples of {@code patch * 2^(levels - 1)}, neighborhoods must fit into their level's
   * grid and windows must tile it. Learned positions fix the size.
   *
   * @throws InputException that says what does not fit and which size would
   */
  public void requireSize(Size size) {
    if (parts.positions().fixSize() && !size.equals(inputSize)) {
      throw new InputException(
          "The image size is %s, but the model has positions of type \"%s\", which fix it to %s; use that size."
              .formatted(size, parts.positions().name(), inputSize));
    }
    LevelRules.checkSize(size, "The image size", patchSize, levels);
  }

  /**
   * The same model for images of another size. The noise density stays as it is: it belongs to the
   * training that the weights come from.
   *
   * @throws InputException if the size does not fit, see {@link #requireSize}
   */
  public ModelConfig withInputSize(Size size) {
    requireSize(size);
    return withLevels(levels, size);
  }

  /**
   * A model with other levels, for images of a size.
   *
   * @throws InputException if the size does not fit
   */
  public ModelConfig withLevels(List<LevelConfig> others, Size size) {
    return new ModelConfig(
        inputChannels,
        size,
        patchSize,
        others,
        parts,
        mapping,
        mappingCondDim,
        numClasses,
        diffusion,
        augmentProbability);
  }

  /**
   * The tokens of a level for images of a size that {@link #requireSize} accepts.
   *
   * @param level 0 for the outermost
   */
  public Size grid(int level, Size size) {
    return LevelRules.grid(level, size, patchSize);
  }

  /** The network. */
  public Hourglass hourglass() {
    return Assembly.of(this);
  }
}
