package dev.hourglass.model;

import dev.hourglass.config.LevelConfig;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.Size;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.Precision;
import dev.hourglass.ops.ReferenceOps;
import dev.hourglass.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
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
    Ops conditioningOps = new ReferenceOps(Precision.FP32);
    this.mapping = new MappingNetwork(model, parameters, conditioningOps);
    LayerFactory factory = new LayerFactory(conditioningOps);
    List<LevelConfig> levels = model.levels();
    for (int i = 0; i < levels.size() - 1; i++) {
      downLevels.add(factory.layers(levels.get(i), "down_levels." + i, 0));
      upLevels.add(factory.layers(levels.get(i), "up_levels." + i, levels.get(i).depth()));
    }
    this.middleLevel = factory.layers(levels.getLast(), "mid_level", 0);
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
          LayerConditioning cond =
              new LayerConditioning(mapping.forward(sigma, conditioning, pass), conditioning);
          Size patch = model.patchSize();
          Tensor tokens = merge(x.permute(0, 2, 3, 1), "patch_in", patch.height(), patch.width());
          AxialPositions positions = AxialPositions.of((int) tokens.size(1), (int) tokens.size(2));
          Tensor out = hourglass(tokens, cond, positions, 0, pass);
          Tensor normed = ops.rmsNorm(out, parameters.get("out_norm.scale"));
          return ops.split(
                  normed, parameters.get("patch_out.proj.weight"), patch.height(), patch.width())
              .permute(0, 3, 1, 2)
              .to(x.scalar_type());
        });
  }

  /** The levels from {@code level} inwards: {@code [n, h, w, width] -> [n, h, w, width]}. */
  private Tensor hourglass(
      Tensor x, LayerConditioning cond, AxialPositions positions, int level, TrainingPass pass) {
    if (level == downLevels.size()) {
      return run(middleLevel, x, cond, positions, pass);
    }
    Tensor skip = run(downLevels.get(level), x, cond, positions, pass);
    Tensor inner = merge(skip, "merges." + level, MERGE, MERGE);
    Tensor outer = hourglass(inner, cond, positions.merged(), level + 1, pass);
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
    return run(upLevels.get(level), merged, cond, positions, pass);
  }

  private static Tensor run(
      List<TransformerLayer> layers,
      Tensor x,
      LayerConditioning cond,
      AxialPositions positions,
      TrainingPass pass) {
    Tensor y = x;
    for (TransformerLayer layer : layers) {
      Tensor input = y;
      y = layer.forward(input, cond, positions, pass);
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
    private final Ops conditioningOps;
    private int place;

    LayerFactory(Ops conditioningOps) {
      this.conditioningOps = conditioningOps;
    }

    /** The layers of one level on one side; {@code firstIndex} counts on from its other side. */
    List<TransformerLayer> layers(LevelConfig level, String prefix, int firstIndex) {
      return IntStream.range(0, level.depth())
          .mapToObj(
              i ->
                  new TransformerLayer(
                      level,
                      parameters,
                      prefix + "." + i + ".",
                      firstIndex + i,
                      place++,
                      ops,
                      conditioningOps))
          .toList();
    }
  }
}
