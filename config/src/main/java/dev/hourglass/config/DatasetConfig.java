package dev.hourglass.config;

import dev.hourglass.core.InputException;
import dev.hourglass.json.Require;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The training images.
 *
 * @param type where they come from
 * @param location folder, shard or name; empty if the file does not say
 * @param numClasses number of classes, 0 for none
 * @param condDropoutRate probability of dropping the class in training, in [0, 1], for
 *     classifier-free guidance
 * @param exifOrientation whether pictures are turned upright as their EXIF data say; not for those
 *     who must repeat the authors' pixels, whose code ignores them
 * @param extras keys that only the authors' Python code reads ({@code image_key}, {@code
 *     estimated_samples}, ...), each with the JSON text of its value; kept so that a file survives
 *     reading and writing
 */
public record DatasetConfig(
    DatasetType type,
    String location,
    int numClasses,
    double condDropoutRate,
    boolean exifOrientation,
    Map<String, String> extras) {

  static final double DEFAULT_COND_DROPOUT_RATE = 0.1;

  /** Keys that change what the authors' code takes for an image. */
  private static final List<String> IMAGE_KEYS =
      List.of("channel_means", "channel_stds", "channel_squares", "latents");

  /** Keys of the ablation code that change nothing here: captions, counts, entries of shards. */
  static final List<String> IGNORED_KEYS =
      Stream.concat(
              Stream.of(
                  "estimated_samples",
                  "classes_to_captions",
                  "wds_image_key",
                  "wds_latent_key",
                  "class_cond_key",
                  "demo_uncond",
                  "eval_uncond",
                  "allzeros_uncond_rate"),
              IMAGE_KEYS.stream())
          .toList();

  /** Checks the ranges above. */
  public DatasetConfig {
    Require.notNegative("dataset.num_classes", numClasses);
    Require.probability("dataset.cond_dropout_rate", condDropoutRate);
    extras = Collections.unmodifiableMap(new TreeMap<>(extras));
  }

  /** A data set of upright pictures without foreign keys. */
  public DatasetConfig(DatasetType type, String location, int numClasses, double condDropoutRate) {
    this(type, location, numClasses, condDropoutRate, true, Map.of());
  }

  /** The data set of a config that names none: folder of images, no location, no classes. */
  public static DatasetConfig defaults() {
    return new DatasetConfig(DatasetType.IMAGEFOLDER, "", 0, DEFAULT_COND_DROPOUT_RATE);
  }

  /** The same data set at another place. */
  public DatasetConfig withLocation(String other) {
    return new DatasetConfig(type, other, numClasses, condDropoutRate, exifOrientation, extras);
  }

  /** The keys of the file that have no effect here, as paths; in the order of the alphabet. */
  public List<String> ignoredKeys() {
    return extras.keySet().stream().filter(IGNORED_KEYS::contains).map("dataset."::concat).toList();
  }

  /**
   * Checks that Hourglass can train from this data set.
   *
   * @return this
   * @throws InputException if the type needs the authors' Python code, if their code would train on
   *     something other than pixels from -1 to 1, or if no location is given
   */
  public DatasetConfig requireTrainable() {
    if (!type.trainable()) {
      throw new InputException(
          "dataset.type is \"%s\", which only the authors' Python code can read; export the images and use one of %s."
              .formatted(
                  type.jsonName(),
                  Arrays.stream(DatasetType.values())
                      .filter(DatasetType::trainable)
                      .map(DatasetType::jsonName)
                      .collect(Collectors.joining(", "))));
    }
    for (String key : IMAGE_KEYS) {
      if (extras.containsKey(key) && !extras.get(key).equals("false")) {
        throw new InputException(
            "dataset.%s is %s, but Hourglass trains on pixels from -1 to 1 as they are; remove the key and set model.sigma_data to the deviation of such pixels, 0.5 in the paper."
                .formatted(key, extras.get(key)));
      }
    }
    if (location.isEmpty()) {
      throw new InputException(
          "dataset.location is missing; give the path of the training images.");
    }
    return this;
  }
}
