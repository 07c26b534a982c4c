package dev.hourglass.config;

import dev.hourglass.core.InputException;
import dev.hourglass.core.text.Spelling;
import java.util.Arrays;
import java.util.List;

/** Where training images come from. */
public enum DatasetType {
  /** A folder of images, searched through all its subfolders; no classes. */
  IMAGEFOLDER("imagefolder", true),
  /** A folder with one subfolder of images for each class. */
  IMAGEFOLDER_CLASS("imagefolder-class", true),
  CIFAR10("cifar10", true),
  MNIST("mnist", true),
  /** Shards: tar files of {@code NAME.png} and {@code NAME.cls} pairs. */
  TAR("tar", true),
  /** The same, as the ablation code calls it. */
  WDS("wds", true),
  /** The same, with classes. */
  WDS_CLASS("wds-class", true),
  /**
   * Parquet files in the layout of the Hugging Face hub: bytes and path of each image, and its
   * class.
   */
  PARQUET("parquet", true),
  /** A data set of the Hugging Face hub, loaded by Python code: kept, but not trained from. */
  HUGGINGFACE("huggingface", false),
  /** A data set made by the user's Python code: kept, but not trained from. */
  CUSTOM("custom", false);

  private final String jsonName;
  private final boolean trainable;

  DatasetType(String jsonName, boolean trainable) {
    this.jsonName = jsonName;
    this.trainable = trainable;
  }

  /** The name in the config file. */
  public String jsonName() {
    return jsonName;
  }

  /** Whether Hourglass can read such a data set. */
  public boolean trainable() {
    return trainable;
  }

  /**
   * The type of a set that can be read.
   *
   * @param name as in the config file
   * @throws InputException if there is none of that name
   */
  public static DatasetType readable(String name) {
    List<String> names =
        Arrays.stream(values()).filter(DatasetType::trainable).map(DatasetType::jsonName).toList();
    return Arrays.stream(values())
        .filter(type -> type.trainable() && type.jsonName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "There is no type of data set \"%s\"; %s"
                        .formatted(name, Spelling.advice(name, names, "choose one of"))));
  }
}
