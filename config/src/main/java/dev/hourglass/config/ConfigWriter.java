package dev.hourglass.config;

import dev.hourglass.architecture.part.Catalog;
import dev.hourglass.config.objective.Scales;
import dev.hourglass.json.JsonText;
import java.util.List;
import java.util.function.ToIntFunction;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes a config in the authors' form, every default spelled out. */
final class ConfigWriter {

  private ConfigWriter() {}

  static ObjectNode write(Config config) {
    ObjectNode root = object();
    root.set("model", model(config.model()));
    root.set("dataset", dataset(config.dataset()));
    root.set("optimizer", optimizer(config.optimizer()));
    root.set("lr_sched", lrSchedule(config.lrSchedule()));
    root.set("ema_sched", config.emaSchedule().write());
    return root;
  }

  private static ObjectNode model(ModelConfig model) {
    List<LevelConfig> levels = model.levels();
    ObjectNode node = object().put("type", ModelReader.TYPE);
    node.put("input_channels", model.inputChannels());
    node.set("input_size", size(model.inputSize()));
    node.set("patch_size", size(model.patchSize()));
    node.set("depths", integers(levels, LevelConfig::depth));
    node.set("widths", integers(levels, LevelConfig::width));
    node.set("d_ffs", integers(levels, LevelConfig::dFf));
    ArrayNode attentions = node.putArray("self_attns");
    levels.forEach(level -> attentions.add(attention(level)));
    if (levels.stream().anyMatch(level -> level.stacks() > 1)) {
      node.set("stacks", integers(levels, LevelConfig::stacks));
    }
    model.parts().write(node);
    ArrayNode dropouts = node.putArray("dropout_rate");
    levels.forEach(level -> dropouts.add(JsonText.numberNode(level.dropout())));
    node.put("mapping_depth", model.mapping().depth());
    node.put("mapping_width", model.mapping().width());
    node.put("mapping_d_ff", model.mapping().dFf());
    put(node, "mapping_dropout_rate", model.mapping().dropout());
    node.put("mapping_cond_dim", model.mappingCondDim());
    model.diffusion().preconditioning().write(node);
    model.diffusion().loss().write(node);
    put(node, "augment_prob", model.augmentProbability());
    noiseLevels(model.diffusion(), node);
    return node;
  }

  private static void noiseLevels(DiffusionConfig diffusion, ObjectNode model) {
    put(model, Scales.DATA_KEY, diffusion.scales().data());
    if (diffusion.scales().noise() != 1) {
      put(model, Scales.NOISE_KEY, diffusion.scales().noise());
    }
    put(model, "sigma_min", diffusion.sigmaMin());
    put(model, "sigma_max", diffusion.sigmaMax());
    model.set("sigma_sample_density", density(diffusion.noiseDensity()));
  }

  private static ObjectNode attention(LevelConfig level) {
    ObjectNode node = level.selfAttention().write();
    Catalog.SIMILARITIES.write(node, level.similarity());
    return node;
  }

  private static ObjectNode density(NoiseDensity density) {
    ObjectNode node = object();
    switch (density) {
      case NoiseDensity.LogNormal(double loc, double scale) -> {
        node.put("type", "lognormal");
        put(node, "loc", loc);
        put(node, "scale", scale);
      }
      case NoiseDensity.LogLogistic(double loc, double scale, double min, double max) -> {
        node.put("type", "loglogistic");
        put(node, "loc", loc);
        put(node, "scale", scale);
        put(node, "min_value", min);
        if (Double.isFinite(max)) { // JSON has no infinity; without the key it is the default
          put(node, "max_value", max);
        }
      }
      case NoiseDensity.LogUniform(double min, double max) -> {
        node.put("type", "loguniform");
        range(node, min, max);
      }
      case NoiseDensity.VDiffusion(double min, double max) -> {
        node.put("type", "v-diffusion");
        range(node, min, max);
      }
      case NoiseDensity.SplitLogNormal(double loc, double scale1, double scale2) -> {
        node.put("type", "split-lognormal");
        put(node, "loc", loc);
        put(node, "scale_1", scale1);
        put(node, "scale_2", scale2);
      }
      case NoiseDensity.LogitNormal(double mean, double std) -> {
        node.put("type", "logit-normal");
        put(node, "mean", mean);
        put(node, "std", std);
      }
      case NoiseDensity.CosineInterpolated cosine -> {
        node.put("type", "cosine-interpolated");
        put(node, "image_d", cosine.imageD());
        put(node, "noise_d_low", cosine.noiseDLow());
        put(node, "noise_d_high", cosine.noiseDHigh());
        range(node, cosine.min(), cosine.max());
      }
    }
    return node;
  }

  private static ObjectNode dataset(DatasetConfig dataset) {
    ObjectNode node = object().put("type", dataset.type().jsonName());
    if (!dataset.location().isEmpty()) {
      node.put("location", dataset.location());
    }
    node.put("num_classes", dataset.numClasses());
    put(node, "cond_dropout_rate", dataset.condDropoutRate());
    // Ours alone: written where it matters, so that other configs stay as they were.
    if (!dataset.exifOrientation()) {
      node.put("exif_orientation", false);
    }
    dataset.extras().forEach((key, text) -> node.set(key, JsonText.parseValue(text)));
    return node;
  }

  private static ObjectNode optimizer(OptimizerConfig optimizer) {
    ObjectNode node = object();
    switch (optimizer) {
      case OptimizerConfig.AdamW adamW -> {
        node.put("type", "adamw");
        putAdamW(node, adamW);
      }
      case OptimizerConfig.Sgd sgd -> {
        node.put("type", "sgd");
        put(node, "lr", sgd.lr());
        put(node, "momentum", sgd.momentum());
        node.put("nesterov", sgd.nesterov());
        put(node, "weight_decay", sgd.weightDecay());
      }
      case OptimizerConfig.Muon muon -> {
        node.put("type", "muon");
        put(node, "lr", muon.lr());
        put(node, "momentum", muon.momentum());
        put(node, "weight_decay", muon.weightDecay());
        node.put("ns_steps", muon.nsSteps());
        putAdamW(node.putObject("adamw"), muon.adamW());
      }
    }
    return node;
  }

  private static void putAdamW(ObjectNode node, OptimizerConfig.AdamW adamW) {
    put(node, "lr", adamW.lr());
    node.putArray("betas")
        .add(JsonText.numberNode(adamW.beta1()))
        .add(JsonText.numberNode(adamW.beta2()));
    put(node, "eps", adamW.eps());
    put(node, "weight_decay", adamW.weightDecay());
  }

  private static ObjectNode lrSchedule(LrSchedule schedule) {
    ObjectNode node = object();
    switch (schedule) {
      case LrSchedule.Constant _ -> node.put("type", "constant");
      case LrSchedule.Inverse inverse -> {
        node.put("type", "inverse");
        put(node, "inv_gamma", inverse.invGamma());
        put(node, "power", inverse.power());
      }
      case LrSchedule.Exponential exponential -> {
        node.put("type", "exponential");
        put(node, "num_steps", exponential.numSteps());
        put(node, "decay", exponential.decay());
      }
    }
    put(node, "warmup", schedule.warmup());
    return node;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static void put(ObjectNode node, String key, double value) {
    node.set(key, JsonText.numberNode(value));
  }

  private static void range(ObjectNode node, double min, double max) {
    put(node, "min_value", min);
    put(node, "max_value", max);
  }

  private static ArrayNode size(Size size) {
    return JsonNodeFactory.instance.arrayNode().add(size.height()).add(size.width());
  }

  private static ArrayNode integers(List<LevelConfig> levels, ToIntFunction<LevelConfig> value) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    levels.forEach(level -> array.add(value.applyAsInt(level)));
    return array;
  }
}
