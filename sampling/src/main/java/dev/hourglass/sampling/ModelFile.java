package dev.hourglass.sampling;

import dev.hourglass.InputException;
import dev.hourglass.config.Config;
import dev.hourglass.model.Parameters;
import dev.hourglass.safetensors.SafetensorsFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A safetensors file with a model in it: an inference checkpoint (this project's or the authors'),
 * whose tensors bear the names of the state dict, or a training checkpoint, whose averaged weights
 * are then used.
 *
 * @param config from the metadata key {@code config}
 * @param classNames by class number; empty if the file does not say
 */
public record ModelFile(Path path, Config config, List<String> classNames, boolean training) {

  /** Metadata key of the config file's JSON, as in the authors' files. */
  public static final String CONFIG_KEY = "config";

  /** Metadata key of a JSON list of class names; the authors' code ignores it. */
  public static final String CLASS_NAMES_KEY = "class_names";

  /** Metadata key of a training checkpoint's position, as JSON. */
  public static final String TRAINING_STATE_KEY = "training_state";

  /** Name prefix of the averaged weights in a training checkpoint. */
  public static final String AVERAGED_PREFIX = "ema.";

  /** Name prefix of the weights that train, in a training checkpoint. */
  public static final String TRAINED_PREFIX = "model.";

  private static final JsonMapper JSON = new JsonMapper();

  public ModelFile {
    classNames = List.copyOf(classNames);
  }

  /**
   * Reads a file's description, not yet its weights.
   *
   * @throws InputException if the file is none of ours
   */
  public static ModelFile open(Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      Map<String, String> metadata = file.metadata();
      String config = metadata.get(CONFIG_KEY);
      if (config == null) {
        throw new InputException(
            "%s holds no model config in its metadata; choose a checkpoint written by train or convert, or convert the weights with --config."
                .formatted(path));
      }
      boolean training =
          file.tensors().keySet().stream().anyMatch(n -> n.startsWith(AVERAGED_PREFIX));
      return new ModelFile(
          path, Config.parse(config, path + " (metadata)"), classNames(path, metadata), training);
    }
  }

  private static List<String> classNames(Path path, Map<String, String> metadata) {
    String names = metadata.get(CLASS_NAMES_KEY);
    if (names == null) {
      return List.of();
    }
    try {
      JsonNode list = JSON.readTree(names);
      if (list.isArray() && list.valueStream().allMatch(JsonNode::isString)) {
        return list.valueStream().map(JsonNode::stringValue).toList();
      }
    } catch (JacksonException e) {
      // The message below is all that there is to say.
    }
    throw new InputException(
        "%s: the metadata key %s is not a JSON list of names; write the file again."
            .formatted(path, CLASS_NAMES_KEY));
  }

  /** What the names of the weights to sample with begin with. */
  public String averagedPrefix() {
    return training ? AVERAGED_PREFIX : "";
  }

  /** The weights to sample with, float32 and without gradients; the caller closes them. */
  public Parameters averagedWeights() {
    Parameters weights = Parameters.read(path, averagedPrefix(), config.model());
    weights.freeze();
    return weights;
  }

  /**
   * The first 16 hexadecimal digits of the file's SHA-256: names the model in the images made with
   * it.
   */
  public String digest() {
    try (InputStream bytes = Files.newInputStream(path);
        DigestInputStream digested =
            new DigestInputStream(bytes, MessageDigest.getInstance("SHA-256"))) {
      digested.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digested.getMessageDigest().digest()).substring(0, 16);
    } catch (IOException e) {
      throw new InputException("Cannot read %s: %s.".formatted(path, e.getMessage()), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The number of a class given by number or by name: exact, or as the only one that differs in
   * upper and lower case alone.
   *
   * @throws InputException if there is no such class
   */
  public int classNumber(String text) {
    return classChoice().number(text);
  }

  /**
   * The numbers of classes in a list, {@code dress,"Food, Drink",7}; a text that is the name of one
   * class means that.
   *
   * @throws InputException if there is no such class
   */
  public List<Integer> classNumbers(String text) {
    return classChoice().numbers(text);
  }

  private ClassChoice classChoice() {
    return new ClassChoice(path, config.model().numClasses(), classNames);
  }

  /** What to call a class under an image. */
  public String className(int number) {
    return number < classNames.size() ? classNames.get(number) : "class " + number;
  }
}
