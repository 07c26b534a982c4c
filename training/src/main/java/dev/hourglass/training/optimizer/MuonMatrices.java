package dev.hourglass.training.optimizer;

import dev.hourglass.architecture.primitive.ParameterSpec;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which weights Muon trains: the products inside layers, and every matrix of merges and splits. The
 * rest is AdamW's: patch projections, embeddings, norms, the mapping network, biases, scalars.
 */
final class MuonMatrices {

  private static final Pattern NAME =
      Pattern.compile(
          "(down_levels|mid_level|up_levels)\\..*\\.(qkv_proj|out_proj|up_proj|down_proj)\\.weight"
              + "|(merges|splits)\\..*\\.weight");

  private MuonMatrices() {}

  static boolean include(ParameterSpec spec) {
    return spec.shape().size() == 2 && NAME.matcher(spec.name()).matches();
  }

  /** Those among the weights. */
  static List<ParameterSpec> of(List<ParameterSpec> weights) {
    return weights.stream().filter(MuonMatrices::include).toList();
  }

  /** The others. */
  static List<ParameterSpec> notOf(List<ParameterSpec> weights) {
    return weights.stream().filter(spec -> !include(spec)).toList();
  }
}
