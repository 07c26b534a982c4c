package dev.hourglass.model;

import dev.hourglass.config.Config;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.ops.Precision;
import dev.hourglass.ops.vector.VectorOps;
import dev.hourglass.testing.Rounding;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Our kernels compute models of any combination of parts as their definition says, which libtorch
 * computes in float64: each part meets others than the paper's.
 */
final class VariantsAgreementTest {

  /** A type of attention and its numbers, for grids of 8 x 8 and 4 x 4 tokens. */
  private static String attention(String type) {
    return switch (type) {
      case "neighborhood" -> "\"neighborhood\", \"kernel_size\": 3";
      case "window" -> "\"shifted-window\", \"window_size\": 2";
      case "nystrom" -> "\"nystrom\", \"landmarks\": [2, 4]";
      default -> "\"global\"";
    };
  }

  private static ModelConfig model(
      String outer, String inner, String parts, boolean biases, String similarity) {
    String[] names = parts.split(" ", 4);
    String json =
        """
        {"model": {"type": "image_transformer_v2", "input_channels": 2, "input_size": [16, 16],
          "patch_size": [2, 2], "depths": [2, 1], "widths": [16, 24], "d_ffs": [24, 41],
          "mapping_width": 16, "mapping_depth": 1, "mapping_cond_dim": 3,
          "self_attns": [{"type": %1$s, "d_head": 8, "similarity": "%3$s"},
            {"type": %2$s, "d_head": 24, "similarity": "%3$s"}],
          "norm_type": "%5$s", "up_proj_act": "%6$s", "pos_emb_type": "%7$s",
          "backbone_skip_type": "%8$s",
          "qkv_bias": %4$b, "o_bias": %4$b, "ffn_up_bias": %4$b, "ffn_down_bias": %4$b,
          "sigma_min": 0.01, "sigma_max": 80,
          "sigma_sample_density": {"type": "cosine-interpolated"}},
         "dataset": {"type": "imagefolder-class", "num_classes": 3}}
        """
            .formatted(
                attention(outer),
                attention(inner),
                similarity,
                biases,
                names[0],
                names[1],
                names[2],
                names[3]);
    return Config.parse(json, "a combination").model();
  }

  @ParameterizedTest
  @CsvSource({
    // outer attention, inner attention, norm activation positions skip, biases, similarity
    "neighborhood, global, AdaLN GELU additive concat, true, dot",
    "nystrom, window, AdaLN SwiGLU none add, true, qk-norm",
    "window, nystrom, AdaLNGateless ReLU2 ROPE channel_lerp, false, dot",
    "global, neighborhood, AdaLNGateless SiLU learned gated, true, cosine",
    "neighborhood, nystrom, ShiftRMS ELU ROPE mlp, false, qk-norm",
    "window, global, ShiftRMS ELUGLU additive add, true, l2",
    "nystrom, neighborhood, AdaRMS GELU learned channel_lerp, true, cosine",
    "global, window, AdaRMS SwiGLU none concat, false, qk-norm"
  })
  void ourKernelsComputeAnyCombination(
      String outer, String inner, String parts, boolean biases, String similarity) {
    ModelConfig model = model(outer, inner, parts, biases, similarity);
    PartsContractTest.requireExact(model, Rounding.FLOAT32_MODEL, new VectorOps(Precision.FP32));
    PartsContractTest.requireExact(model, Rounding.BFLOAT16_MODEL, new VectorOps(Precision.BF16));
  }
}
