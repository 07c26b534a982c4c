package dev.hourglass.model;

import dev.hourglass.config.LevelConfig;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.Size;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.Precision;
import dev.hourglass.ops.ReferenceOps;
import dev.hourglass.tensor.Scope;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * The backbone F(x, sigma, conditioning): patches become tokens, pairs of rows and columns are
 * merged on the way down and split on the way up, and every level is a stack of transformer layers
 * (HDiT, section 4; hdit: "Backbone").
 */
public final class HourglassTransformer {

  /** Rows and columns that one token of the next level stands for. */
  private static final int MERGE = 2;

  private final ModelConfig model;
  private final Parameters parameters;
  private final Ops ops;
  private final MappingNetwork mapping;
  private final List<List<TransformerLayer>> downLevels = new ArrayList<>();
  private final List<List<TransformerLayer>> upLevels = new ArrayList<>();
  private final List<TransformerLayer> middleLevel;

  /** All of them, by their place. */
  private final List<TransformerLayer> layers;

  /**
   * A network with the given weights.
   *
   * @param parameters the weights, which the caller owns; changes to them show in the next pass
   * @param ops who computes the layers
   */
  public HourglassTransformer(ModelConfig model, Parameters parameters, Ops ops) {
    this.model = model;
    this.parameters = parameters;
    this.ops = ops;
    // The conditioning branch is small and decides everything: it stays in the weights' own
    // precision.
    this.mapping = new MappingNetwork(model, parameters, new ReferenceOps(Precision.FP32));
    LayerFactory factory = new LayerFactory();
    List<LevelConfig> levels = model.levels();
    for (int i = 0; i < levels.size() - 1; i++) {
      downLevels.add(factory.layers(levels.get(i), "down_levels." + i, 0));
      upLevels.add(factory.layers(levels.get(i), "up_levels." + i, levels.get(i).depth()));
    }
    this.middleLevel = factory.layers(levels.getLast(), "mid_level", 0);
    this.layers = List.copyOf(factory.made);
  }

  public ModelConfig config() {
    return model;
  }

  /**
   * Computes F.
   *
   * @param x {@code [n, channels, height, width]}; for a diffusion model the noisy image times c_in
   * @param sigma {@code [m]}, the noise levels: one for each conditioning
   * @return {@code [n, channels, height, width]}
   */
  public Tensor forward(Tensor x, Tensor sigma, Conditioning conditioning, TrainingPass pass) {
    return Scope.of(
        () -> {
          NormScales scales = normScales(sigma, conditioning, pass);
          Size patch = model.patchSize();
          Tensor tokens = merge(x.permute(0, 2, 3, 1), "patch_in", patch.height(), patch.width());
          AxialPositions positions = AxialPositions.of((int) tokens.size(1), (int) tokens.size(2));
          Tensor out = hourglass(tokens, scales, positions, 0, pass);
          Tensor normed = ops.rmsNorm(out, parameters.get("out_norm.scale"));
          return ops.split(
                  normed, parameters.get("patch_out.proj.weight"), patch.height(), patch.width())
              .permute(0, 3, 1, 2)
              .to(x.scalar_type());
        });
  }

  /** The scales of every layer's norms, for each image. */
  private NormScales normScales(Tensor sigma, Conditioning conditioning, TrainingPass pass) {
    Tensor cond = mapping.forward(sigma, conditioning, pass); // [m, mapping width]
    List<Tensor> weights = layers.stream().flatMap(l -> l.normWeights().stream()).toList();
    Iterator<Tensor> scales = ops.normScales(cond, weights).iterator();
    return new NormScales(
        layers.stream()
            .map(
                layer ->
                    layer.normWeights().stream()
                        .map(w -> conditioning.perImage(scales.next()))
                        .toList())
            .toList());
  }

  /** Scales of norms, {@code [n, 1, 1, c]} each, for all layers by their place. */
  private record NormScales(List<List<Tensor>> byPlace) {
    List<Tensor> of(TransformerLayer layer) {
      return byPlace.get(layer.place());
    }
  }

  /** The levels from {@code level} inwards: {@code [n, h, w, width] -> [n, h, w, width]}. */
  private Tensor hourglass(
      Tensor x, NormScales scales, AxialPositions positions, int level, TrainingPass pass) {
    if (level == downLevels.size()) {
      return run(middleLevel, x, scales, positions, pass);
    }
    Tensor skip = run(downLevels.get(level), x, scales, positions, pass);
    Tensor inner = merge(skip, "merges." + level, MERGE, MERGE);
    Tensor outer = hourglass(inner, scales, positions.merged(), level + 1, pass);
    Tensor merged =
        Scope.of(
            () ->
                ops.splitLerp(
                    skip,
                    outer,
                    weight("splits." + level),
                    MERGE,
                    MERGE,
                    parameters.get("splits." + level + ".fac")));
    return run(upLevels.get(level), merged, scales, positions, pass);
  }

  private static Tensor run(
      List<TransformerLayer> layers,
      Tensor x,
      NormScales scales,
      AxialPositions positions,
      TrainingPass pass) {
    Tensor y = x;
    for (TransformerLayer layer : layers) {
      Tensor input = y;
      y = layer.forward(input, scales.of(layer), positions, pass);
    }
    return y;
  }

  /** The residual stream keeps the weights' type, whatever the precision of products. */
  private Tensor merge(Tensor x, String name, int ph, int pw) {
    return Scope.of(() -> ops.merge(x, weight(name), ph, pw).to(weight(name).scalar_type()));
  }

  private Tensor weight(String name) {
    return parameters.get(name + ".proj.weight");
  }

  /** Makes layers and counts them through the whole model. */
  private final class LayerFactory {
    private final List<TransformerLayer> made = new ArrayList<>();

    /** The layers of one level on one side; {@code firstIndex} counts on from its other side. */
    List<TransformerLayer> layers(LevelConfig level, String prefix, int firstIndex) {
      List<TransformerLayer> layers = new ArrayList<>();
      for (int i = 0; i < level.depth(); i++) {
        TransformerLayer layer =
            new TransformerLayer(
                level, parameters, prefix + "." + i + ".", firstIndex + i, made.size(), ops);
        layers.add(layer);
        made.add(layer);
      }
      return layers;
    }
  }
}
