package dev.hourglass.sampling;

import dev.hourglass.config.Config;
import dev.hourglass.core.InputException;
import dev.hourglass.core.files.FileKind;
import dev.hourglass.core.files.ReadFailure;
import dev.hourglass.model.Parameters;
import dev.hourglass.model.WeightFile;
import dev.hourglass.safetensors.TensorFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file with a model in it, of any format that {@link WeightFile} opens: an inference checkpoint
 * (this project's or the authors'), whose tensors bear the names of the state dict, or a training
 * checkpoint, whose averaged weights are then used.
 *
 * @param config from the metadata key {@code config}, unless it is given beside the file
 * @param classNames by class number; empty if the file does not say
 * @param layout how its weights are named
 * @param step how far a training checkpoint was trained, if the file says
 */
public record ModelFile(
    Path path, Config config, List<String> classNames, WeightLayout layout, OptionalLong step) {

  /** Metadata key of the config file's JSON, as in the authors' files. */
  public static final String CONFIG_KEY = "config";

  /** Metadata key of a JSON list of class names; the authors' code ignores it. */
  public static final String CLASS_NAMES_KEY = "class_names";

  /** Metadata key of a training checkpoint's position, as JSON. */
  public static final String TRAINING_STATE_KEY = "training_state";

  private static final String STEP_KEY = "step";

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
    try (TensorFile file = WeightFile.open(path)) {
      String config = file.metadata().get(CONFIG_KEY);
      if (config == null) {
        throw new InputException(
            "%s holds no model config in its metadata; choose a checkpoint written by train or convert, or convert the weights with --config."
                .formatted(path));
      }
      return describe(file, Config.parse(config, path + " (metadata)"));
    }
  }

  /** The same; empty for a file that is a config, or none at all, by its content. */
  public static Optional<ModelFile> unlessConfig(Path path) {
    return switch (FileKind.of(path)) {
      case JSON, TEXT, UTF_16, SPECIAL -> Optional.empty();
      default -> Optional.of(open(path));
    };
  }

  /**
   * The config that a checkpoint holds, or that a file is.
   *
   * @throws InputException if it is neither
   */
  public static Config configOf(Path path) {
    return unlessConfig(path).map(ModelFile::config).orElseGet(() -> Config.load(path));
  }

  /**
   * Reads the description of a file that holds no config, to be used with this one.
   *
   * @throws InputException if the file has a config of its own
   */
  public static ModelFile open(Path path, Config config) {
    try (TensorFile file = WeightFile.open(path)) {
      if (file.metadata().containsKey(CONFIG_KEY)) {
        throw new InputException(
            "%s holds a config of its own; leave --config out.".formatted(path));
      }
      return describe(file, config);
    }
  }

  /** The metadata of a file with a set of weights as they were after a step. */
  public static Map<String, String> metadata(Config config, List<String> classNames, long step) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put(CONFIG_KEY, config.toJson());
    if (!classNames.isEmpty()) {
      metadata.put(CLASS_NAMES_KEY, JSON.writeValueAsString(classNames));
    }
    metadata.put(STEP_KEY, Long.toString(step));
    return metadata;
  }

  private static ModelFile describe(TensorFile file, Config config) {
    return new ModelFile(
        file.path(),
        config,
        classNames(file.path(), file.metadata()),
        WeightLayout.of(file.names()),
        step(file.path(), file.metadata()));
  }

  /** Ours is in the training state, k-diffusion's beside the config. */
  private static OptionalLong step(Path path, Map<String, String> metadata) {
    try {
      String state = metadata.get(TRAINING_STATE_KEY);
      JsonNode step =
          state == null
              ? JSON.readTree(metadata.getOrDefault(STEP_KEY, "null"))
              : JSON.readTree(state).path(STEP_KEY);
      return step.isIntegralNumber() ? OptionalLong.of(step.longValue()) : OptionalLong.empty();
    } catch (JacksonException e) {
      throw new InputException(
          "%s: its training state is damaged; choose another checkpoint.".formatted(path), e);
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
    return layout.averagedPrefix();
  }

  /** The weights to sample with, float32 and without gradients; the caller closes them. */
  public Parameters averagedWeights() {
    Parameters weights = Parameters.read(path, averagedPrefix(), config.model());
    weights.freeze();
    return weights;
  }

  /**
   * The first 16 hexadecimal digits of the file's SHA-256, for a model in parts of all its files:
   * names the model in the images made with it.
   */
  public String digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path file : files()) {
        try (InputStream bytes = Files.newInputStream(file);
            DigestInputStream digested = new DigestInputStream(bytes, digest)) {
          digested.transferTo(OutputStream.nullOutputStream());
        }
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The size in bytes, of all files together. */
  public long byteSize() {
    try {
      long size = 0;
      for (Path file : files()) {
        size += Files.size(file);
      }
      return size;
    } catch (IOException e) {
      throw ReadFailure.of(path, e);
    }
  }

  private List<Path> files() {
    try (TensorFile file = WeightFile.open(path)) {
      return file.files();
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
