package dev.hourglass.ops.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.architecture.primitive.AttentionPattern;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.Precision;
import dev.hourglass.ops.ReferenceOps;
import dev.hourglass.ops.RotaryTable;
import dev.hourglass.tensor.Tensors;
import dev.hourglass.testing.Fault;
import dev.hourglass.testing.Rounding;
import java.util.Collections;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the agreement tests allow in float32 is too little for any real fault. */
final class AgreementFaultsTest {

  private static final Ops EXACT = new ReferenceOps(Precision.FP32);

  private static void assertCaught(
      String method, Fault<Ops> fault, Agreement agreement, Agreement.Operation operation) {
    assertThat(worst(EXACT, agreement, operation)).isLessThan(1);
    assertThat(worst(Fault.in(Ops.class, EXACT, method, fault), agreement, operation))
        .isGreaterThan(1.5);
  }

  private static double worst(Ops ops, Agreement agreement, Agreement.Operation operation) {
    return Collections.max(agreement.ratios(ops, Rounding.FLOAT32, operation).values());
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 64, 256})
  void aNormWithAnotherEpsilon(int width) {
    assertCaught(
        "rmsNorm",
        (exact, in) -> {
          Tensor x = (Tensor) in[0];
          Tensor mean = x.square().mean(new long[] {-1}, true, new ScalarTypeOptional());
          return x.mul(((Tensor) in[1]).mul(mean.add(new Scalar(1e-5)).rsqrt()));
        },
        new Agreement(1)
            .normal(0, ProviderAgreementTest.SMALL, 2, 3, 3, width)
            .normal(1, 0.3, width),
        (ops, in) -> ops.rmsNorm(in[0], in[1]));
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 64, 128})
  void cosinesWithAnotherEpsilon(int d) {
    assertCaught(
        "attention",
        (exact, in) -> {
          // v / sqrt(v^2 + 1e-5) is that of sqrt(0.1) v with 1e-6.
          Tensor smaller = Tensors.ofDoubles(new double[] {Math.sqrt(0.1), Math.sqrt(0.1), 1}, 3);
          Tensor qkv = (Tensor) in[0];
          Tensor scaled =
              qkv.reshape(1, 5, 6, 3, d)
                  .mul(smaller.to(qkv.scalar_type()).reshape(3, 1))
                  .reshape(Tensors.shape(qkv));
          return attention(exact, scaled, in, (AttentionPattern) in[3]);
        },
        new Agreement(1).normal(0, ProviderAgreementTest.SMALL, 1, 5, 6, 3L * d).headScale(1),
        (ops, in) ->
            ops.attention(
                in[0], in[1], Agreement.rotary(in[0], 5, 6, 1, d), new AttentionPattern.Global()));
  }

  private static Tensor attention(Ops exact, Tensor qkv, Object[] in, AttentionPattern pattern) {
    return exact.attention(qkv, (Tensor) in[1], (RotaryTable) in[2], pattern);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 128, 1024})
  void aProductWithoutItsLastTerm(int width) {
    assertCaught(
        "linear",
        (exact, in) ->
            exact.linear(
                ((Tensor) in[0]).narrow(-1, 0, width - 1),
                ((Tensor) in[1]).narrow(-1, 0, width - 1)),
        new Agreement(1).normal(0, 1, 1, 3, 5, width).weight(24, width),
        (ops, in) -> ops.linear(in[0], in[1]));
  }

  @ParameterizedTest
  @CsvSource({"1, 2, 3, 5", "2, 15, 15, 7", "2, 20, 10, 80"})
  void aSumOverAllElementsWithoutOneOfThem(int n, int h, int w, int width) {
    assertCaught(
        "lerp",
        (exact, in) -> {
          Tensor skip = ((Tensor) in[0]).flatten();
          Tensor x = ((Tensor) in[1]).flatten();
          Tensor factor = (Tensor) in[2];
          long most = skip.numel() - 1;
          return Tensors.concat(
                  0,
                  exact.lerp(skip.narrow(0, 0, most), x.narrow(0, 0, most), factor),
                  exact.lerp(skip.narrow(0, most, 1), x.narrow(0, most, 1), factor.detach()))
              .reshape(Tensors.shape((Tensor) in[0]));
        },
        new Agreement(1)
            .normal(0, 1, n, 2L * h, 2L * w, 6)
            .normal(0, 1, n, h, w, width)
            .weight(24, width)
            .normal(0.5, 0.1, 1),
        (ops, in) -> ops.splitLerp(in[0], in[1], in[2], 2, 2, in[3]));
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 64, 512})
  void aRoundingToBfloat16(int width) {
    assertCaught(
        "linear",
        (exact, in) ->
            exact.linear(
                ((Tensor) in[0]).to(ScalarType.BFloat16).to(ScalarType.Float), (Tensor) in[1]),
        new Agreement(1).normal(0, 1, 2, 3, 3, width).weight(24, width),
        (ops, in) -> ops.linear(in[0], in[1]));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aWindowShiftedByOne(int shift) {
    assertCaught(
        "attention",
        (exact, in) ->
            attention(exact, (Tensor) in[0], in, new AttentionPattern.ShiftedWindow(4, shift + 1)),
        new Agreement(1).normal(0, 1, 1, 8, 12, 3 * 16).headScale(1),
        (ops, in) ->
            ops.attention(
                in[0],
                in[1],
                Agreement.rotary(in[0], 8, 12, 1, 16),
                new AttentionPattern.ShiftedWindow(4, shift)));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 7})
  void aNeighborhoodOneColumnAside(int kernel) {
    assertCaught(
        "attention",
        (exact, in) -> {
          TensorVector parts = ((Tensor) in[0]).chunk(3, -1);
          long[] one = {1};
          long[] columns = {2};
          Tensor moved =
              Tensors.concat(
                  -1,
                  parts.get(0),
                  torch.roll(parts.get(1), one, columns),
                  torch.roll(parts.get(2), one, columns));
          return attention(exact, moved, in, (AttentionPattern) in[3]);
        },
        new Agreement(1).normal(0, 1, 1, 9, 20, 3 * 16).headScale(1),
        (ops, in) ->
            ops.attention(
                in[0],
                in[1],
                Agreement.rotary(in[0], 9, 20, 1, 16),
                new AttentionPattern.Neighborhood(kernel)));
  }
}
