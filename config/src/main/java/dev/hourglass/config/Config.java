package dev.hourglass.config;

import dev.hourglass.InputException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
 * @param emaSchedule the decay of averaged weights by step
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
   * Reads a config file.
   *
   * @throws InputException if the file cannot be read, is a checkpoint, or is not a valid config
   */
  public static Config load(Path json) {
    if (json.toString().endsWith(".safetensors")) {
      throw new InputException(
          "%s is a checkpoint, not a config file; give the JSON file it was trained from."
              .formatted(json));
    }
    return parse(read(json), json.toString());
  }

  private static String read(Path json) {
    try {
      return Files.readString(json);
    } catch (NoSuchFileException e) {
      throw new InputException(
          "Cannot read the config %s: there is no such file; check the path.".formatted(json), e);
    } catch (CharacterCodingException e) {
      throw new InputException(
          "Cannot read the config %s: it is not UTF-8 text; give a JSON file.".formatted(json), e);
    } catch (IOException e) {
      throw new InputException(
          "Cannot read the config %s: %s; give a readable JSON file."
              .formatted(json, e.getMessage()),
          e);
    }
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
   * (but for data set type {@code tar}) and {@link #parse} makes an equal config of it.
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
