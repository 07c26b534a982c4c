package dev.hourglass.training;

import dev.hourglass.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A small model whose every key is drawn by lot.
 *
 * @param side tokens of a side of the innermost level's grid
 * @param patch pixels of a token's side
 * @param bottleneck channels between pixels and tokens, or 0
 * @param biases qkv, o, ffn up, ffn down, mapping up, mapping down
 */
record RandomVariant(
    int channels,
    int side,
    int patch,
    int bottleneck,
    List<RandomLevel> levels,
    String norm,
    String activation,
    String positions,
    String skip,
    List<Boolean> biases,
    Objective objective,
    int mappingWidth,
    int mappingDepth,
    int mappingHidden,
    int classes,
    int vector) {

  private static final List<String> BIASES =
      List.of(
          "qkv_bias",
          "o_bias",
          "ffn_up_bias",
          "ffn_down_bias",
          "mapping_ffn_up_bias",
          "mapping_ffn_down_bias");

  /**
   * A level; {@code dHead} is 0 without attention.
   *
   * @param number the kernel, the window, or the landmarks of a side
   */
  record RandomLevel(
      int depth,
      int width,
      int hidden,
      int stacks,
      double dropout,
      String attention,
      String similarity,
      int dHead,
      int number) {

    static RandomLevel of(Random random, int side) {
      int dHead = 8 * (1 + random.nextInt(2));
      int width = dHead * (1 + random.nextInt(2));
      String attention =
          pick(random, "global", "neighborhood", "shifted-window", "nystrom", "none");
      int number =
          attention.equals("neighborhood")
              ? Math.min(side - 1 + side % 2, 1 + 2 * random.nextInt(3))
              : pick(random, divisors(side));
      return new RandomLevel(
          1 + random.nextInt(2),
          width,
          8 + random.nextInt(17),
          1 + random.nextInt(2),
          random.nextBoolean() ? 0 : 0.1,
          attention,
          pick(random, "cosine", "dot", "qk-norm", "l2"),
          attention.equals("none") ? 0 : dHead,
          number);
    }

    private static Integer[] divisors(int side) {
      return IntStream.rangeClosed(1, side)
          .filter(i -> side % i == 0)
          .boxed()
          .toArray(Integer[]::new);
    }

    private String json() {
      String head = "{\"type\": \"%s\", \"d_head\": %d, \"similarity\": \"%s\"";
      return switch (attention) {
        case "none" -> "{\"type\": \"none\"}";
        case "neighborhood" ->
            (head + ", \"kernel_size\": %d}").formatted(attention, dHead, similarity, number);
        case "shifted-window" ->
            (head + ", \"window_size\": %d}").formatted(attention, dHead, similarity, number);
        case "nystrom" ->
            (head + ", \"landmarks\": [%d, %d]}")
                .formatted(attention, dHead, similarity, number, number);
        default -> (head + "}").formatted(attention, dHead, similarity);
      };
    }
  }

  /** What is learned. */
  record Objective(String preconditioning, String weighting, int frequencyScales) {

    static Objective of(Random random) {
      return new Objective(
          pick(random, "karras", "epsilon", "x", "flow"),
          pick(
              random, "karras", "snr", "min-snr", "soft-min-snr", "sigmoid", "velocity", "uniform"),
          random.nextInt(4));
    }
  }

  static RandomVariant of(Random random) {
    int side = 2 + random.nextInt(3);
    int count = 1 + random.nextInt(3);
    List<RandomLevel> levels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      levels.add(RandomLevel.of(random, side << (count - 1 - i)));
    }
    return new RandomVariant(
        1 + random.nextInt(3),
        side,
        1 + random.nextInt(2),
        random.nextBoolean() ? 0 : 1 + random.nextInt(6),
        List.copyOf(levels),
        pick(random, "AdaRMS", "AdaLNGateless", "AdaLN", "ShiftRMS"),
        pick(random, "GEGLU", "SwiGLU", "ReGLU", "ELUGLU", "GELU", "SiLU", "ELU", "ReLU2"),
        pick(random, "ROPE", "additive", "learned", "none"),
        pick(random, "learned_lerp", "add", "concat", "channel_lerp", "gated", "mlp"),
        BIASES.stream().map(key -> random.nextBoolean()).toList(),
        Objective.of(random),
        8 + 4 * random.nextInt(3),
        random.nextInt(3),
        8 + random.nextInt(9),
        random.nextBoolean() ? 0 : 3,
        random.nextBoolean() ? 0 : 2);
  }

  @SafeVarargs
  private static <T> T pick(Random random, T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** Tokens of a side of a level's grid. */
  int side(int level) {
    return side << (levels.size() - 1 - level);
  }

  Config config() {
    return Config.parse(json(), "random");
  }

  private String json() {
    int pixels = side(0) * patch;
    String more =
        IntStream.range(0, BIASES.size())
            .mapToObj(i -> ", \"%s\": %s".formatted(BIASES.get(i), biases.get(i)))
            .collect(Collectors.joining());
    return """
    {"model": {"type": "image_transformer_v2", "input_channels": %d, "input_size": [%d, %d],
      "patch_size": [%d, %d], "depths": %s, "widths": %s, "d_ffs": %s, "stacks": %s,
      "dropout_rate": %s, "self_attns": %s, "mapping_width": %d, "mapping_depth": %d,
      "mapping_d_ff": %d, "mapping_cond_dim": %d, "norm_type": "%s", "up_proj_act": "%s",
      "pos_emb_type": "%s", "backbone_skip_type": "%s", "patch_bottleneck": %d,
      "preconditioning": "%s", "loss_weighting": "%s", "loss_scales": %d, "noise_scale": 2,
      "sigma_data": 0.5, "sigma_min": 0.01, "sigma_max": 80,
      "sigma_sample_density": {"type": "cosine-interpolated"}%s},
     "dataset": {"type": "imagefolder", "location": "data", "num_classes": %d},
     "optimizer": {"type": "adamw", "lr": 1e-3}, "lr_sched": {"type": "constant"},
     "ema_sched": {"type": "inverse"}}
    """
        .formatted(
            channels,
            pixels,
            pixels,
            patch,
            patch,
            levels.stream().map(RandomLevel::depth).toList(),
            levels.stream().map(RandomLevel::width).toList(),
            levels.stream().map(RandomLevel::hidden).toList(),
            levels.stream().map(RandomLevel::stacks).toList(),
            levels.stream().map(RandomLevel::dropout).toList(),
            levels.stream().map(RandomLevel::json).toList(),
            mappingWidth,
            mappingDepth,
            mappingHidden,
            vector,
            norm,
            activation,
            positions,
            skip,
            bottleneck,
            objective.preconditioning(),
            objective.weighting(),
            objective.frequencyScales(),
            more,
            classes);
  }
}
