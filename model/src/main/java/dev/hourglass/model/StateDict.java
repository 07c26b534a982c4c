package dev.hourglass.model;

import dev.hourglass.architecture.Hourglass;
import dev.hourglass.architecture.primitive.Ledger;
import dev.hourglass.architecture.primitive.Ledger.Conditioned;
import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.architecture.primitive.Shape;
import dev.hourglass.config.ModelConfig;
import java.util.Comparator;
import java.util.List;

/**
 * Names and shapes of all tensors of a model, as the authors' checkpoints have them and in their
 * order. The parts declare them; models are made, checked, grouped for the optimiser and saved from
 * this list.
 *
 * @param parameters all tensors
 * @param conditioned the norms that the conditioning vector modulates
 */
record StateDict(List<ParameterSpec> parameters, List<Conditioned> conditioned) {

  /** The ends, the conditioning, then level by level. */
  private static final Comparator<String> ORDER = Comparator.comparingInt(StateDict::rank);

  private static final int CONDITIONING = 3;
  private static final int GROUPS_OF_A_LEVEL = 4;

  static StateDict of(ModelConfig model) {
    Hourglass network = model.hourglass();
    Ledger ledger = new Ledger(network.mapping().width());
    network.apply(
        ledger,
        Shape.of(model.inputSize().height(), model.inputSize().width(), model.inputChannels()));
    network.mapping().apply(ledger, network.mapping().inputShapes());
    return new StateDict(
        ledger.parameters().stream()
            .sorted(Comparator.comparing(ParameterSpec::name, ORDER))
            .toList(),
        ledger.conditioned().stream()
            .sorted(Comparator.comparing(Conditioned::place, ORDER))
            .toList());
  }

  private static int rank(String name) {
    String[] path = name.split("\\.", -1);
    return switch (path[0]) {
      case "patch_in", "pos_emb" -> 0;
      case "out_norm" -> 1;
      case "patch_out" -> 2;
      case "down_levels" -> rank(path[1], 1);
      case "up_levels" -> rank(path[1], 2);
      case "merges" -> rank(path[1], 3);
      case "splits" -> rank(path[1], 4);
      case "mid_level" -> Integer.MAX_VALUE;
      default -> CONDITIONING;
    };
  }

  private static int rank(String level, int group) {
    return CONDITIONING + GROUPS_OF_A_LEVEL * Integer.parseInt(level) + group;
  }
}
