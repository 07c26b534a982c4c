package dev.hourglass.model;

import dev.hourglass.config.LevelConfig;
import dev.hourglass.config.SelfAttention;
import dev.hourglass.ops.AttentionPattern;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.Ops.AttentionWeights;
import dev.hourglass.ops.Ops.FeedForwardWeights;
import dev.hourglass.ops.RotaryTable;
import dev.hourglass.tensor.Scope;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** One layer: attention block, then feed-forward block (hdit: "Layer"). */
final class TransformerLayer {

  /** Weights and pattern of the attention block. */
  private record Attention(
      Tensor norm, AttentionWeights weights, Tensor freqs, AttentionPattern pattern) {}

  /** The rotary table of a grid. */
  private record Rotary(AxialPositions positions, RotaryTable table) {}

  private final Ops ops;
  private final Optional<Attention> attention;
  private final Tensor feedForwardNorm;
  private final FeedForwardWeights feedForward;
  private final double dropoutRate;
  private final int place;

  /** That of the grid seen last: frequencies are not trained, so it stays. */
  private volatile Optional<Rotary> rotary = Optional.empty();

  /**
   * The layer with the weights of that prefix.
   *
   * @param prefix of the layer's names, such as {@code down_levels.0.1.}
   * @param index counts the level's layers, down and then up: every odd one shifts its windows
   * @param place counts the layers of the whole model, to tell their dropout apart
   */
  TransformerLayer(
      LevelConfig level, Parameters parameters, String prefix, int index, int place, Ops ops) {
    this.ops = ops;
    this.attention =
        pattern(level.selfAttention(), index)
            .map(p -> attention(parameters, prefix + "self_attn.", p));
    this.feedForwardNorm = parameters.get(prefix + "ff.norm.linear.weight");
    this.feedForward =
        new FeedForwardWeights(
            parameters.get(prefix + "ff.up_proj.weight"),
            parameters.get(prefix + "ff.down_proj.weight"));
    this.dropoutRate = level.dropout();
    this.place = place;
  }

  private static Optional<AttentionPattern> pattern(SelfAttention attention, int index) {
    return switch (attention) {
      case SelfAttention.Global global -> Optional.of(new AttentionPattern.Global());
      case SelfAttention.Neighborhood neighborhood ->
          Optional.of(new AttentionPattern.Neighborhood(neighborhood.kernelSize()));
      case SelfAttention.ShiftedWindow window ->
          Optional.of(
              new AttentionPattern.ShiftedWindow(
                  window.windowSize(), index % 2 == 1 ? window.windowSize() / 2 : 0));
      case SelfAttention.None none -> Optional.empty();
    };
  }

  private static Attention attention(
      Parameters parameters, String prefix, AttentionPattern pattern) {
    return new Attention(
        parameters.get(prefix + "norm.linear.weight"),
        new AttentionWeights(
            parameters.get(prefix + "qkv_proj.weight"),
            parameters.get(prefix + "scale"),
            parameters.get(prefix + "out_proj.weight")),
        parameters.get(prefix + "pos_emb.freqs"),
        pattern);
  }

  /** Counts the layers of the whole model. */
  int place() {
    return place;
  }

  /** The weights of the layer's norms, in the order that {@link #forward} wants their scales. */
  List<Tensor> normWeights() {
    return Stream.concat(attention.map(Attention::norm).stream(), Stream.of(feedForwardNorm))
        .toList();
  }

  /**
   * {@code x [n, h, w, c] -> [n, h, w, c]}.
   *
   * @param normScales of {@link #normWeights}, {@code [n, 1, 1, c]} each
   */
  Tensor forward(Tensor x, List<Tensor> normScales, AxialPositions positions, TrainingPass pass) {
    Tensor attended =
        attention
            .map(
                a ->
                    block(
                        (y, scale) -> attentionBlock(a, y, scale, positions, pass),
                        x,
                        normScales.getFirst(),
                        pass))
            .orElse(x);
    return block(
        (y, scale) -> feedForwardBlock(y, scale, pass), attended, normScales.getLast(), pass);
  }

  private static Tensor block(
      BinaryOperator<Tensor> block, Tensor x, Tensor scale, TrainingPass pass) {
    return pass.checkpointing()
        ? Checkpoint.run(block, x, scale)
        : Scope.of(() -> block.apply(x, scale));
  }

  private Tensor attentionBlock(
      Attention a, Tensor x, Tensor normScale, AxialPositions positions, TrainingPass pass) {
    return ops.attentionBlock(
        x,
        normScale,
        a.weights,
        rotaryTable(a, positions),
        a.pattern,
        pass.dropoutAt(2 * place, dropoutRate));
  }

  private RotaryTable rotaryTable(Attention a, AxialPositions positions) {
    Optional<Rotary> known = rotary.filter(r -> r.positions.sameAs(positions));
    if (known.isPresent()) {
      return known.get().table;
    }
    // The authors' code multiplies float32 positions by the frequencies in float32, but for global
    // attention.
    ScalarType angles =
        a.pattern instanceof AttentionPattern.Global ? ScalarType.Double : ScalarType.Float;
    RotaryTable table =
        RotaryTable.of(a.freqs, positions.rows(a.freqs), positions.columns(a.freqs), angles)
            .owned();
    rotary = Optional.of(new Rotary(positions, table));
    return table;
  }

  private Tensor feedForwardBlock(Tensor x, Tensor normScale, TrainingPass pass) {
    return ops.feedForwardBlock(
        x, normScale, feedForward, pass.dropoutAt(2 * place + 1, dropoutRate));
  }
}
