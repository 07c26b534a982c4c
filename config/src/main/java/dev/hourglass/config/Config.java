package dev.hourglass.config;

import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonSection;
import dev.hourglass.json.JsonText;
import java.nio.file.Path;
import java.util.List;

/**
 * A config file: the model, what it is trained on and how. The form is that of the authors' code
 * (type {@code image_transformer_v2}), whose files load unchanged; keys that are left out have the
 * defaults of that code.
 *
 * @param model the model; its number of classes is the data set's
 * @param dataset the training images
 * @param optimizer the optimiser
 * @param lrSchedule the learning rate by step
 * @param emaSchedule the averages of the weights, and their decay by step
 */
public record Config(
    ModelConfig model,
    DatasetConfig dataset,
    OptimizerConfig optimizer,
    LrSchedule lrSchedule,
    EmaSchedule emaSchedule) {

  /**
   * Checks that model and data set agree on the classes.
   *
   * @throws IllegalArgumentException if they do not; a file cannot cause this
   */
  public Config {
    if (model.numClasses() != dataset.numClasses()) {
      throw new IllegalArgumentException(
          "the model has %d classes, the data set %d"
              .formatted(model.numClasses(), dataset.numClasses()));
    }
  }

  /**
   * Reads a config file: JSON in UTF-8, in which comments and trailing commas may stand. The log
   * names, in one line, keys that have no effect here.
   *
   * @throws InputException if the file cannot be read, is of another kind, such as a checkpoint, or
   *     is not a valid config
   */
  public static Config load(Path json) {
    Config config = parse(ConfigFile.read(json), json.toString());
    IgnoredKeys.tell(json, config.dataset().ignoredKeys());
    return config;
  }

  /**
   * Reads the text of a config file.
   *
   * @param json the text
   * @param source where it is from, to be named in errors
   * @throws InputException of the form {@code SOURCE: PATH is VALUE; what to do}, if the text is
   *     not valid JSON or the config is not valid
   */
  public static Config parse(String json, String source) {
    try {
      return ConfigReader.read(new JsonSection("", JsonText.parseObject(json)));
    } catch (InputException e) {
      throw new InputException(source + ": " + e.getMessage(), e);
    }
  }

  /**
   * The config file of this config, with every default spelled out. It loads in the authors' code
   * (but for data set type {@code tar}, variants, weightings and averages that it does not have)
   * and {@link #parse} makes an equal config of it.
   */
  public String toJson() {
    return JsonText.pretty(ConfigWriter.write(this));
  }

  /**
   * What differs from another config, one entry a key in the order of the file, such as {@code
   * model.widths: [32, 64] here, [32, 128] there}; empty if the configs are equal.
   */
  public List<String> differences(Config other) {
    return ConfigDifferences.between(ConfigWriter.write(this), ConfigWriter.write(other));
  }
}
