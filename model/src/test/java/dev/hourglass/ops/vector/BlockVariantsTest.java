package dev.hourglass.ops.vector;

import dev.hourglass.architecture.primitive.AttentionPattern;
import dev.hourglass.kernels.attention.LogitForm;
import dev.hourglass.kernels.block.Activation;
import dev.hourglass.kernels.block.Curve;
import dev.hourglass.ops.RotaryTable;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Our kernels agree with libtorch in float64 on blocks of other parts than the paper's, forward and
 * backward, on odd sizes too.
 */
final class BlockVariantsTest {

  private static final long SEED = 19;

  @ParameterizedTest
  @CsvSource({
    // norm, gate, biases, curve, gated, n, h, w, channels, hidden
    "LAYER, true, true, GELU, false, 2, 8, 8, 64, 256",
    "LAYER, true, false, SILU, true, 1, 7, 5, 24, 72",
    "LAYER, false, true, ELU, false, 3, 4, 4, 32, 40",
    "LAYER, false, false, RELU, true, 1, 1, 1, 8, 8",
    "LAYER, true, true, SQUARED_RELU, false, 33, 2, 2, 16, 20",
    "LAYER, true, true, GELU, true, 1, 13, 17, 100, 132",
    "SHIFTED_RMS, false, false, GELU, true, 2, 9, 11, 40, 120",
    "SHIFTED_RMS, false, true, ELU, true, 5, 5, 5, 7, 3",
    "RMS, false, true, SILU, false, 16, 4, 4, 96, 130",
    "RMS, true, true, RELU, false, 1, 24, 24, 128, 192",
    "RMS, false, false, SQUARED_RELU, true, 7, 3, 5, 72, 65"
  })
  void feedForwardBlock(
      NormForm norm,
      boolean gate,
      boolean biases,
      Curve curve,
      boolean gated,
      int n,
      int h,
      int w,
      int channels,
      int hidden) {
    BlockVariant block = new BlockVariant(norm, gate, biases);
    Activation activation = new Activation(curve, gated);
    long up = (long) activation.branches() * hidden;
    Agreement agreement = block.inputs(SEED, n, h, w, channels, up, hidden, block.names());
    Agreement.Operation operation = (ops, in) -> block.feedForward(ops, in, activation);
    if (curve == Curve.RELU) {
      agreement.requireWithJumps(operation);
    } else {
      agreement.require(operation);
    }
  }

  @ParameterizedTest
  @CsvSource({"GELU, 65", "SILU, 7", "ELU, 64", "RELU, 24", "SQUARED_RELU, 130"})
  void activations(Curve curve, int width) {
    for (boolean gated : new boolean[] {true, false}) {
      Activation activation = new Activation(curve, gated);
      new Agreement(SEED)
          .normal(0, 1.5, 2, 3, 5, (long) activation.branches() * width)
          .require(
              (ops, in) ->
                  ops instanceof VectorOps
                      ? new ActivationOp(activation, width).apply(in[0])[0]
                      : BlockVariant.activated(activation, in[0]));
    }
  }

  private static AttentionPattern pattern(String name) {
    return switch (name) {
      case "global" -> new AttentionPattern.Global();
      case "neighborhood" -> new AttentionPattern.Neighborhood(5);
      default -> new AttentionPattern.ShiftedWindow(4, 2);
    };
  }

  @ParameterizedTest
  @CsvSource({
    // pattern, form, rotated, norm, gate, biases, n, h, w, heads, d
    "global, DOT, false, LAYER, true, true, 2, 8, 8, 2, 64",
    "global, QK_NORM, true, LAYER, false, true, 1, 9, 12, 2, 32",
    "global, COSINE, false, SHIFTED_RMS, false, false, 3, 5, 5, 1, 16",
    "global, QK_NORM, false, RMS, false, false, 16, 4, 4, 2, 24",
    "neighborhood, DOT, true, LAYER, true, false, 1, 13, 20, 1, 40",
    "neighborhood, QK_NORM, true, LAYER, true, true, 2, 8, 8, 1, 64",
    "neighborhood, COSINE, true, RMS, false, true, 5, 7, 7, 2, 24",
    "neighborhood, QK_NORM, false, SHIFTED_RMS, false, true, 1, 16, 16, 2, 8",
    "window, DOT, true, RMS, true, true, 1, 8, 12, 2, 32",
    "window, QK_NORM, true, LAYER, false, false, 2, 16, 8, 1, 48",
    "window, DOT, false, SHIFTED_RMS, false, false, 4, 4, 4, 3, 8",
    "global, L2, true, LAYER, true, true, 2, 7, 5, 3, 24",
    "neighborhood, L2, false, RMS, false, false, 1, 9, 11, 2, 64",
    "window, L2, true, SHIFTED_RMS, false, true, 2, 8, 12, 1, 40"
  })
  void attentionBlock(
      String pattern,
      LogitForm form,
      boolean rotated,
      NormForm norm,
      boolean gate,
      boolean biases,
      int n,
      int h,
      int w,
      int heads,
      int d) {
    BlockVariant block = new BlockVariant(norm, gate, biases);
    long width = (long) heads * d;
    int given = block.names().size();
    withScales(block.inputs(SEED, n, h, w, width, 3 * width, width, block.names()), form, heads, d)
        .require(
            (ops, in) ->
                block.attention(
                    ops,
                    in,
                    heads,
                    form,
                    scales(in, given),
                    rotary(rotated, in[0], h, w, heads, d),
                    pattern(pattern)));
  }

  private static Agreement withScales(Agreement inputs, LogitForm form, int heads, int d) {
    return switch (form) {
      case COSINE -> inputs.headScale(heads);
      case L2 -> inputs.normal(1, 0.3, heads);
      case DOT -> inputs;
      case QK_NORM -> inputs.normal(1, 0.5, d).normal(1, 0.5, d);
    };
  }

  private static List<Tensor> scales(Tensor[] in, int from) {
    return List.of(Arrays.copyOfRange(in, from, in.length));
  }

  private static Optional<RotaryTable> rotary(
      boolean rotated, Tensor like, int h, int w, int heads, int d) {
    return rotated ? Optional.of(Agreement.rotary(like, h, w, heads, d)) : Optional.empty();
  }

  @ParameterizedTest
  @CsvSource({
    "global, DOT, true, 1, 3, 5, 2, 8",
    "neighborhood, QK_NORM, false, 2, 9, 7, 1, 128",
    "window, QK_NORM, true, 1, 8, 4, 3, 72",
    "global, QK_NORM, true, 2, 15, 15, 1, 64",
    "global, L2, true, 2, 5, 7, 2, 16",
    "neighborhood, L2, true, 1, 9, 8, 1, 32"
  })
  void attentionByItself(
      String pattern, LogitForm form, boolean rotated, int n, int h, int w, int heads, int d) {
    withScales(new Agreement(SEED).normal(0, 1, n, h, w, 3L * heads * d), form, heads, d)
        .require(
            (ops, in) ->
                BlockVariant.attend(
                    ops,
                    in[0],
                    heads,
                    form,
                    scales(in, 1),
                    rotary(rotated, in[0], h, w, heads, d),
                    pattern(pattern)));
  }

  @ParameterizedTest
  @CsvSource({"1,1,1,8,6", "2,3,5,24,7", "1,16,16,64,32", "3,7,4,40,12", "2,12,9,96,64"})
  void splitsWithOtherSkips(int n, int h, int w, int width, int channels) {
    new Agreement(SEED)
        .normal(0, 1, n, 2L * h, 2L * w, channels)
        .normal(0, 1, n, h, w, width)
        .weight(4L * channels, width)
        .require(
            (ops, in) ->
                BlockVariant.split(ops, in[0], in[1], in[2], MixForm.ADD, Optional.empty()));
    new Agreement(SEED)
        .normal(0, 1, n, 2L * h, 2L * w, channels)
        .normal(0, 1, n, h, w, width)
        .weight(4L * channels, width)
        .normal(0.5, 0.2, channels)
        .require(
            (ops, in) ->
                BlockVariant.split(
                    ops, in[0], in[1], in[2], MixForm.CHANNEL_LERP, Optional.of(in[3])));
  }
}
