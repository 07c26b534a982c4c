package dev.hourglass.ops.vector;

import dev.hourglass.architecture.primitive.AttentionPattern;
import dev.hourglass.architecture.primitive.Modulation;
import dev.hourglass.ops.Dropout;
import dev.hourglass.ops.Ops.AttentionWeights;
import dev.hourglass.ops.Ops.FeedForwardWeights;
import dev.hourglass.ops.Ops.ModulationLayer;
import dev.hourglass.tensor.Tensors;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Our kernels agree with the reference in float64, forward and backward, on odd sizes too. */
final class ProviderAgreementTest {

  private static final long SEED = 11;

  /** The size of numbers whose squares are no more than the epsilons added to them. */
  static final double SMALL = 1e-3;

  @AfterAll
  static void sayHowCloseItWas() {
    System.out.println("agreement of operations: " + Agreement.worst());
  }

  /** n, h, w, width. */
  static Stream<int[]> grids() {
    return Stream.of(
        new int[] {1, 1, 1, 8},
        new int[] {1, 2, 3, 5},
        new int[] {2, 3, 3, 16},
        new int[] {1, 7, 5, 24},
        new int[] {3, 4, 4, 32},
        new int[] {1, 16, 16, 64},
        new int[] {2, 16, 16, 64},
        new int[] {1, 13, 17, 64},
        new int[] {5, 5, 5, 40},
        new int[] {2, 8, 12, 128},
        new int[] {1, 24, 24, 128},
        new int[] {16, 4, 4, 96},
        new int[] {7, 3, 5, 72},
        new int[] {1, 9, 31, 48},
        new int[] {2, 20, 10, 80},
        new int[] {1, 32, 32, 32},
        new int[] {4, 1, 9, 64},
        new int[] {1, 11, 11, 256},
        new int[] {33, 2, 2, 16},
        new int[] {1, 6, 6, 100},
        new int[] {2, 15, 15, 7});
  }

  @ParameterizedTest
  @MethodSource("grids")
  void linear(int[] s) {
    new Agreement(SEED)
        .normal(0, 1, s[0], s[1], s[2], s[3])
        .weight(2L * s[3] + 2, s[3])
        .require((ops, in) -> ops.linear(in[0], in[1]));
  }

  @ParameterizedTest
  @MethodSource("grids")
  void normWithAScaleForEachImage(int[] s) {
    new Agreement(SEED)
        .normal(0, 2, s[0], s[1], s[2], s[3])
        .normal(1, 0.3, s[0], 1, 1, s[3])
        .require((ops, in) -> ops.rmsNorm(in[0], in[1]));
  }

  @ParameterizedTest
  @MethodSource("grids")
  void normWithOneScale(int[] s) {
    new Agreement(SEED)
        .normal(0, 2, s[0], s[1], s[2], s[3])
        .normal(1, 0.3, s[3])
        .require((ops, in) -> ops.rmsNorm(in[0], in[1]));
  }

  @ParameterizedTest
  @MethodSource("grids")
  void normOfSmallNumbers(int[] s) {
    new Agreement(SEED)
        .normal(0, SMALL, s[0], s[1], s[2], s[3])
        .normal(1, 0.3, s[3])
        .require((ops, in) -> ops.rmsNorm(in[0], in[1]));
  }

  @ParameterizedTest
  @MethodSource("grids")
  void normScales(int[] s) {
    new Agreement(SEED)
        .normal(0, 1, s[0], s[3])
        .weight(s[1] + 1L, s[3])
        .weight(8L * s[2], s[3])
        .require(
            (ops, in) -> {
              List<Tensor> scales =
                  ops.modulations(
                      Modulation.SCALE,
                      in[0],
                      List.of(
                          new ModulationLayer(in[1], Optional.empty()),
                          new ModulationLayer(in[2], Optional.empty())));
              return Tensors.concat(-1, scales.toArray(Tensor[]::new));
            });
  }

  @ParameterizedTest
  @MethodSource("grids")
  void geglu(int[] s) {
    new Agreement(SEED)
        .normal(0, 1.5, s[0], s[1], s[2], s[3])
        .weight(6L * s[3], s[3])
        .require((ops, in) -> ops.geglu(in[0], in[1]));
  }

  @ParameterizedTest
  @MethodSource("grids")
  void feedForwardBlock(int[] s) {
    new Agreement(SEED)
        .normal(0, 1, s[0], s[1], s[2], s[3])
        .normal(1, 0.3, s[0], 1, 1, s[3])
        .weight(6L * s[3], s[3])
        .weight(s[3], 3L * s[3])
        .require(
            (ops, in) ->
                ops.feedForwardBlock(
                    in[0], in[1], new FeedForwardWeights(in[2], in[3]), Dropout.NONE));
  }

  @ParameterizedTest
  @MethodSource("grids")
  void mergeOfPairsOfRowsAndColumns(int[] s) {
    new Agreement(SEED)
        .normal(0, 1, s[0], 2L * s[1], 2L * s[2], s[3])
        .weight(s[3] + 6L, 4L * s[3])
        .require((ops, in) -> ops.merge(in[0], in[1], 2, 2));
  }

  @ParameterizedTest
  @MethodSource("grids")
  void mergeOfUnequalPatches(int[] s) {
    new Agreement(SEED)
        .normal(0, 1, s[0], 3L * s[1], s[2], 3)
        .weight(s[3], 9)
        .require((ops, in) -> ops.merge(in[0], in[1], 3, 1));
  }

  @ParameterizedTest
  @MethodSource("grids")
  void split(int[] s) {
    new Agreement(SEED)
        .normal(0, 1, s[0], s[1], s[2], s[3])
        .weight(12, s[3])
        .require((ops, in) -> ops.split(in[0], in[1], 2, 2));
  }

  @ParameterizedTest
  @MethodSource("grids")
  void splitMixedWithTheSkip(int[] s) {
    new Agreement(SEED)
        .normal(0, 1, s[0], 2L * s[1], 2L * s[2], 6)
        .normal(0, 1, s[0], s[1], s[2], s[3])
        .weight(24, s[3])
        .normal(0.5, 0.1, 1)
        .require((ops, in) -> ops.splitLerp(in[0], in[1], in[2], 2, 2, in[3]));
  }

  @ParameterizedTest
  @CsvSource({
    "1,7,7,1,8,7", "1,9,8,2,16,7", "2,16,16,1,64,7", "1,17,19,2,32,7", "1,5,5,1,24,3",
    "2,8,5,1,40,5", "1,13,33,1,64,7", "1,21,16,2,64,9", "3,7,16,1,8,3", "1,14,14,2,32,7",
    "1,3,3,1,128,3", "1,10,40,1,16,5", "2,11,23,2,16,11", "1,12,12,1,64,1", "1,32,32,1,64,7",
    "1,31,7,1,64,7", "1,16,17,3,8,7", "5,7,8,1,32,7", "1,13,13,1,16,13", "2,20,18,1,48,5",
    "1,48,24,1,64,7"
  })
  void neighborhoodAttention(int n, int h, int w, int heads, int d, int kernel) {
    attention(n, h, w, heads, d, new AttentionPattern.Neighborhood(kernel));
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,1,1,8", "1,2,1,1,16", "1,3,3,1,8", "2,4,4,2,64", "1,7,7,3,32", "1,8,8,1,64",
    "2,5,9,1,24", "1,16,16,2,64", "3,7,5,2,40", "1,14,14,1,32", "1,15,15,1,64", "1,20,16,1,64",
    "4,4,4,4,16", "1,32,16,1,64", "1,9,7,1,128", "9,3,3,1,64", "1,12,10,2,48", "2,8,8,8,8",
    "1,17,19,1,64", "1,2,33,1,32", "1,25,25,1,8"
  })
  void globalAttention(int n, int h, int w, int heads, int d) {
    attention(n, h, w, heads, d, new AttentionPattern.Global());
  }

  @ParameterizedTest
  @CsvSource({
    "1,2,2,1,8,2,0", "1,4,4,1,16,2,1", "1,8,8,1,64,8,0", "1,8,8,1,64,8,4", "2,16,16,2,64,8,4",
    "1,16,24,1,64,8,0", "2,6,9,1,24,3,1", "1,12,8,2,32,4,2", "1,14,14,2,32,7,3", "3,7,7,1,40,7,3",
    "1,5,5,1,8,5,2", "1,10,5,2,16,5,0", "1,24,16,1,64,8,4", "2,8,16,3,8,8,4", "1,4,12,1,128,4,2",
    "1,3,3,1,64,1,0", "4,4,4,4,16,4,2", "1,16,8,2,48,8,0", "1,18,12,1,32,6,3", "1,32,32,1,64,8,4"
  })
  void shiftedWindowAttention(int n, int h, int w, int heads, int d, int size, int shift) {
    attention(n, h, w, heads, d, new AttentionPattern.ShiftedWindow(size, shift));
  }

  @ParameterizedTest
  @CsvSource({"1,7,7,1,8", "2,8,16,2,64", "1,16,16,3,24"})
  void attentionOfSmallNumbers(int n, int h, int w, int heads, int d) {
    for (AttentionPattern pattern :
        List.of(
            new AttentionPattern.Neighborhood(7),
            new AttentionPattern.Global(),
            new AttentionPattern.ShiftedWindow(h == 7 ? 7 : 8, 2))) {
      attention(n, h, w, heads, d, SMALL, pattern);
    }
  }

  private static void attention(int n, int h, int w, int heads, int d, AttentionPattern pattern) {
    attention(n, h, w, heads, d, 1, pattern);
  }

  private static void attention(
      int n, int h, int w, int heads, int d, double size, AttentionPattern pattern) {
    new Agreement(SEED)
        .normal(0, size, n, h, w, 3L * heads * d)
        .headScale(heads)
        .require(
            (ops, in) ->
                ops.attention(in[0], in[1], Agreement.rotary(in[0], h, w, heads, d), pattern));
  }

  @ParameterizedTest
  @CsvSource({
    "1,7,7,1,8,7", "2,8,8,1,64,7", "1,9,12,2,32,5", "3,7,7,1,16,3", "1,16,16,2,64,7",
    "5,7,7,2,24,7", "1,13,20,1,40,7", "2,17,9,1,64,9", "1,24,24,1,64,7", "16,7,7,1,32,7"
  })
  void attentionBlockWithNeighborhoods(int n, int h, int w, int heads, int d, int kernel) {
    attentionBlock(n, h, w, heads, d, new AttentionPattern.Neighborhood(kernel));
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,1,1,8",
    "2,8,8,1,64",
    "1,9,12,2,32",
    "3,5,5,1,16",
    "1,16,16,2,64",
    "16,4,4,2,32",
    "5,3,3,2,24",
    "1,13,20,1,40",
    "2,7,7,4,64",
    "1,15,15,1,8"
  })
  void attentionBlockOverAllTokens(int n, int h, int w, int heads, int d) {
    attentionBlock(n, h, w, heads, d, new AttentionPattern.Global());
  }

  private static void attentionBlock(
      int n, int h, int w, int heads, int d, AttentionPattern pattern) {
    long width = (long) heads * d;
    new Agreement(SEED)
        .normal(0, 1, n, h, w, width)
        .normal(1, 0.3, n, 1, 1, width)
        .headScale(heads)
        .weight(3 * width, width)
        .weight(width, width)
        .require(
            (ops, in) ->
                ops.attentionBlock(
                    in[0],
                    in[1],
                    new AttentionWeights(in[3], in[2], in[4]),
                    Agreement.rotary(in[0], h, w, heads, d),
                    pattern,
                    Dropout.NONE));
  }
}
