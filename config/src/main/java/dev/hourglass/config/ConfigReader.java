package dev.hourglass.config;

import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonSection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads a whole config file: the model, and what it is trained on and how. */
final class ConfigReader {

  private static final List<String> DATASET_KEYS =
      List.of(
          "type",
          "location",
          "num_classes",
          "cond_dropout_rate",
          "exif_orientation",
          "image_key",
          "class_key");

  /** What Python code reads of the data sets that only it can load. */
  private static final List<String> PYTHON_KEYS =
      List.of("image_key", "class_key", "config", "get_dataset");

  private ConfigReader() {}

  static Config read(JsonSection root) {
    root.allow(List.of("model", "dataset", "optimizer", "lr_sched", "ema_sched"));
    DatasetConfig dataset = dataset(root.sectionOrEmpty("dataset"));
    return new Config(
        ModelReader.read(root.section("model"), dataset.numClasses()),
        dataset,
        optimizer(root.sectionOrEmpty("optimizer")),
        lrSchedule(root.sectionOrEmpty("lr_sched")),
        EmaSchedule.read(root.sectionOrEmpty("ema_sched")));
  }

  private static DatasetConfig dataset(JsonSection section) {
    DatasetType type = datasetType(section);
    List<String> extraKeys = new ArrayList<>(DatasetConfig.IGNORED_KEYS);
    if (type.trainable()) {
      // Positions of image and class in the authors' pairs: no other values would work there.
      section.acceptOnly("image_key", JsonNodeFactory.instance.numberNode(0));
      section.acceptOnly("class_key", JsonNodeFactory.instance.numberNode(1));
    } else {
      extraKeys.addAll(PYTHON_KEYS);
    }
    section.allow(DATASET_KEYS, extraKeys);
    return new DatasetConfig(
        type,
        section.string("location", ""),
        section.integer("num_classes", 0),
        section.number("cond_dropout_rate", DatasetConfig.DEFAULT_COND_DROPOUT_RATE),
        section.bool("exif_orientation", true),
        section.texts(extraKeys));
  }

  private static DatasetType datasetType(JsonSection section) {
    Map<String, DatasetType> types = new LinkedHashMap<>();
    for (DatasetType type : DatasetType.values()) {
      types.put(type.jsonName(), type);
    }
    String byDefault = DatasetType.IMAGEFOLDER.jsonName();
    return types.get(section.oneOf("type", List.copyOf(types.keySet()), byDefault));
  }

  private static OptimizerConfig optimizer(JsonSection section) {
    String type = section.string("type", "adamw");
    if (type.equals("adam8bit")) {
      throw new InputException(
          "%s is \"adam8bit\", which Hourglass does not have; use \"adamw\" with the same values."
              .formatted(section.path("type")));
    }
    return switch (section.oneOf("type", List.of("adamw", "sgd", "muon"), "adamw")) {
      case "sgd" -> sgd(section);
      case "muon" -> muon(section);
      default -> {
        section.allow(List.of("type", "lr", "betas", "eps", "weight_decay"));
        yield adamW("optimizer", section);
      }
    };
  }

  private static OptimizerConfig.AdamW adamW(String path, JsonSection section) {
    List<Double> betas =
        section.has("betas")
            ? section.numbers("betas")
            : List.of(OptimizerConfig.DEFAULT_BETA_1, OptimizerConfig.DEFAULT_BETA_2);
    if (betas.size() != 2) {
      throw new InputException(
          "%s has length %d; give two numbers, such as [0.9, 0.95]."
              .formatted(section.path("betas"), betas.size()));
    }
    return OptimizerConfig.AdamW.at(
        path,
        section.number("lr", OptimizerConfig.DEFAULT_LR),
        betas.get(0),
        betas.get(1),
        section.number("eps", OptimizerConfig.DEFAULT_EPS),
        section.number("weight_decay", OptimizerConfig.DEFAULT_WEIGHT_DECAY));
  }

  private static OptimizerConfig muon(JsonSection section) {
    section.allow(List.of("type", "lr", "momentum", "weight_decay", "ns_steps", "adamw"));
    JsonSection adamW = section.sectionOrEmpty("adamw");
    adamW.allow(List.of("lr", "betas", "eps", "weight_decay"));
    return new OptimizerConfig.Muon(
        section.number("lr", OptimizerConfig.DEFAULT_LR),
        section.number("momentum", OptimizerConfig.DEFAULT_MUON_MOMENTUM),
        section.number("weight_decay", OptimizerConfig.DEFAULT_WEIGHT_DECAY),
        section.integer("ns_steps", OptimizerConfig.DEFAULT_NS_STEPS),
        adamW(section.path("adamw"), adamW));
  }

  private static OptimizerConfig sgd(JsonSection section) {
    // The authors' code writes AdamW's betas and eps into every checkpoint's config.
    section.allow(List.of("type", "lr", "momentum", "nesterov", "weight_decay", "betas", "eps"));
    return new OptimizerConfig.Sgd(
        section.number("lr", OptimizerConfig.DEFAULT_LR),
        section.number("momentum", 0),
        section.bool("nesterov", false),
        section.number("weight_decay", OptimizerConfig.DEFAULT_WEIGHT_DECAY));
  }

  private static LrSchedule lrSchedule(JsonSection section) {
    String type = section.oneOf("type", List.of("constant", "inverse", "exponential"), "constant");
    double warmup = section.number("warmup", 0);
    return switch (type) {
      case "inverse" -> {
        section.allow(List.of("type", "inv_gamma", "power", "warmup"));
        double power = section.number("power", LrSchedule.DEFAULT_POWER);
        yield new LrSchedule.Inverse(section.number("inv_gamma"), power, warmup);
      }
      case "exponential" -> {
        section.allow(List.of("type", "num_steps", "decay", "warmup"));
        double decay = section.number("decay", LrSchedule.DEFAULT_DECAY);
        yield new LrSchedule.Exponential(section.number("num_steps"), decay, warmup);
      }
      default -> {
        section.allow(List.of("type", "warmup"));
        yield new LrSchedule.Constant(warmup);
      }
    };
  }
}
