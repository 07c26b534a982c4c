package dev.hourglass.config;

import dev.hourglass.architecture.part.AttentionReader;
import dev.hourglass.architecture.part.Catalog;
import dev.hourglass.architecture.part.Parts;
import dev.hourglass.architecture.part.attention.SelfAttention;
import dev.hourglass.architecture.part.attention.Similarity;
import dev.hourglass.config.objective.PreconditioningType;
import dev.hourglass.config.objective.Scales;
import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonSection;
import dev.hourglass.json.Require;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads the section {@code model}, with the defaults of the authors' code. */
final class ModelReader {

  static final String TYPE = "image_transformer_v2";

  private static final List<String> OTHER_TYPES = List.of("image_v1", "image_transformer_v1");

  private static final List<String> KEYS =
      List.of(
          "type",
          "input_channels",
          "input_size",
          "patch_size",
          "depths",
          "widths",
          "d_ffs",
          "self_attns",
          "stacks",
          "dropout_rate",
          "mapping_depth",
          "mapping_width",
          "mapping_d_ff",
          "mapping_dropout_rate",
          "mapping_cond_dim",
          "loss_config",
          "loss_weighting",
          "loss_weighting_params",
          LossConfig.FREQUENCY_KEY,
          PreconditioningType.KEY,
          Scales.DATA_KEY,
          Scales.NOISE_KEY,
          "sigma_min",
          "sigma_max",
          "sigma_sample_density",
          "augment_prob",
          "augment_wrapper",
          "skip_stages",
          "has_variance");

  private final JsonSection model;

  private ModelReader(JsonSection model) {
    this.model = model;
  }

  /**
   * @param numClasses what the section {@code dataset} says
   */
  static ModelConfig read(JsonSection model, int numClasses) {
    return new ModelReader(model).read(numClasses);
  }

  private ModelConfig read(int numClasses) {
    requireType();
    model.allow(Stream.concat(KEYS.stream(), Parts.keys()).toList());
    // Options of the authors' older models and losses, of which only the neutral value is known.
    JsonNodeFactory json = JsonNodeFactory.instance;
    model.acceptOnly("augment_wrapper", json.booleanNode(false));
    model.acceptOnly("skip_stages", json.numberNode(0));
    model.acceptOnly("has_variance", json.booleanNode(false));

    Size inputSize = size("input_size");
    // Before the density, whose defaults come from them and would be reported in their place.
    Scales scales = new Scales(model.number(Scales.DATA_KEY, 1), model.number(Scales.NOISE_KEY, 1));
    double sigmaMin = model.number("sigma_min");
    double sigmaMax = model.number("sigma_max");
    DiffusionConfig.requireSigmas(sigmaMin, sigmaMax);
    return new ModelConfig(
        model.integer("input_channels"),
        inputSize,
        size("patch_size"),
        levels(),
        Parts.read(model),
        mapping(),
        model.integer("mapping_cond_dim", 0),
        numClasses,
        new DiffusionConfig(
            PreconditioningType.read(model),
            LossConfig.read(model, scales),
            scales,
            sigmaMin,
            sigmaMax,
            new NoiseDensityReader(scales, sigmaMin, sigmaMax, inputSize)
                .read(model.section("sigma_sample_density"))),
        model.number("augment_prob", 0));
  }

  private Size size(String key) {
    List<Integer> sides = model.sides(key);
    return new Size(sides.get(0), sides.get(1));
  }

  /** Before all else: the keys of another type would only be reported as unknown. */
  private void requireType() {
    String type = model.string("type");
    if (OTHER_TYPES.contains(type)) {
      throw new InputException(
          "%s is \"%s\", an older model that Hourglass does not build; use \"%s\" with its keys."
              .formatted(model.path("type"), type, TYPE));
    }
    if (!type.equals(TYPE)) {
      throw new InputException(
          "%s is \"%s\", which is not known; use \"%s\"."
              .formatted(model.path("type"), type, TYPE));
    }
  }

  private List<LevelConfig> levels() {
    List<Integer> widths = model.integers("widths");
    int count = widths.size();
    List<Integer> depths = perLevel("depths", model.integers("depths"), count);
    List<Integer> dFfs =
        model.isSet("d_ffs")
            ? perLevel("d_ffs", model.integers("d_ffs"), count)
            : widths.stream().map(width -> MappingConfig.FF_EXPANSION * width).toList();
    List<SelfAttention> attentions = perLevel("self_attns", attentions(count), count);
    List<Similarity> similarities = similarities(count);
    List<Integer> stacks =
        perLevel(
            "stacks",
            model.has("stacks") ? model.integers("stacks") : Collections.nCopies(count, 1),
            count);
    List<Double> dropouts = perLevel("dropout_rate", dropouts(count), count);
    List<LevelConfig> levels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      levels.add(
          new LevelConfig(
              depths.get(i),
              widths.get(i),
              dFfs.get(i),
              attentions.get(i),
              similarities.get(i),
              dropouts.get(i),
              stacks.get(i)));
    }
    return levels;
  }

  private <T> List<T> perLevel(String key, List<T> values, int count) {
    if (values.size() != count) {
      throw new InputException(
          "%s has length %d, but %s has length %d; give one entry for each level."
              .formatted(model.path(key), values.size(), model.path("widths"), count));
    }
    return values;
  }

  private List<Double> dropouts(int count) {
    if (!model.has("dropout_rate") || model.node("dropout_rate").isNull()) {
      return Collections.nCopies(count, 0.0);
    }
    if (model.node("dropout_rate").isNumber()) {
      double rate = model.number("dropout_rate");
      Require.probability(model.path("dropout_rate"), rate);
      return Collections.nCopies(count, rate);
    }
    return model.numbers("dropout_rate");
  }

  private List<SelfAttention> attentions(int count) {
    if (model.isSet("self_attns")) {
      return model.sections("self_attns").stream().map(AttentionReader::read).toList();
    }
    List<SelfAttention> attentions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      attentions.add(
          i < count - 1
              ? new SelfAttention.Neighborhood(
                  SelfAttention.DEFAULT_D_HEAD, SelfAttention.DEFAULT_KERNEL_SIZE)
              : new SelfAttention.Global(SelfAttention.DEFAULT_D_HEAD));
    }
    return attentions;
  }

  private List<Similarity> similarities(int count) {
    return model.isSet("self_attns")
        ? model.sections("self_attns").stream().map(Catalog.SIMILARITIES::read).toList()
        : Collections.nCopies(count, Catalog.SIMILARITIES.byDefault());
  }

  private MappingConfig mapping() {
    int width = model.integer("mapping_width", MappingConfig.DEFAULT_WIDTH);
    return new MappingConfig(
        model.integer("mapping_depth", MappingConfig.DEFAULT_DEPTH),
        width,
        model.isSet("mapping_d_ff")
            ? model.integer("mapping_d_ff")
            : MappingConfig.FF_EXPANSION * width,
        model.number("mapping_dropout_rate", 0));
  }
}
