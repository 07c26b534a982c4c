package dev.hourglass.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.core.random.RandomStream;
import dev.hourglass.tensor.Tensors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Attention by tiles and windows against the definition: for each query, a softmax over the keys it
 * may see.
 */
class AttentionTest {

  private static final int N = 2;
  private static final int HEADS = 2;
  private static final int D = 8;

  @ParameterizedTest
  @CsvSource({
    "7, 7, 7",
    "8, 8, 7",
    "14, 14, 7",
    "9, 23, 7",
    "17, 16, 3",
    "3, 3, 3",
    "3, 40, 3",
    "57, 9, 7",
    "33, 25, 5",
    "16, 15, 15",
    "13, 13, 11",
    "5, 64, 5",
    "10, 10, 1",
    "1, 1, 1",
    "21, 12, 9"
  })
  void neighborhoodAttentionSeesExactlyItsWindow(int h, int w, int kernel) {
    check(
        h,
        w,
        (q, k, v) -> new NeighborhoodAttention().attend(q, k, v, kernel),
        (qy, qx, ky, kx) -> inWindow(qy, ky, h, kernel) && inWindow(qx, kx, w, kernel));
  }

  private static boolean inWindow(int query, int key, int length, int kernel) {
    int start = Math.max(0, Math.min(query - kernel / 2, length - kernel));
    return key >= start && key < start + kernel;
  }

  @ParameterizedTest
  @CsvSource({
    "8, 8, 4, 0",
    "8, 8, 4, 2",
    "12, 16, 4, 2",
    "6, 9, 3, 1",
    "8, 16, 8, 4",
    "4, 4, 4, 2"
  })
  void windowAttentionSeesItsRolledWindowButNotAcrossTheSeam(int h, int w, int size, int shift) {
    check(
        h,
        w,
        (q, k, v) -> new WindowAttention().attend(q, k, v, size, shift),
        (qy, qx, ky, kx) ->
            sameWindow(qy, ky, h, size, shift) && sameWindow(qx, kx, w, size, shift));
  }

  /**
   * In the same window after the roll, and on the same side of the seam, which the roll moves to
   * {@code shift}.
   */
  private static boolean sameWindow(int a, int b, int length, int size, int shift) {
    int rolledA = (a + shift) % length;
    int rolledB = (b + shift) % length;
    return rolledA / size == rolledB / size && (rolledA < shift) == (rolledB < shift);
  }

  private interface Attention {
    Tensor attend(Tensor q, Tensor k, Tensor v);
  }

  private interface Visibility {
    boolean sees(int qy, int qx, int ky, int kx);
  }

  /** Compares values and all three gradients with dense attention under a mask, in float64. */
  private static void check(int h, int w, Attention attention, Visibility visibility) {
    try (PointerScope scope = new PointerScope()) {
      Tensor[] fast = {random(1, h, w), random(2, h, w), random(3, h, w)};
      Tensor[] plain = {random(1, h, w), random(2, h, w), random(3, h, w)};
      Tensor weight = random(4, h, w).detach();
      Tensor actual = attention.attend(fast[0], fast[1], fast[2]);
      Tensor expected = dense(plain[0], plain[1], plain[2], mask(h, w, visibility));
      assertClose(actual, expected);
      actual.mul(weight).sum().backward();
      expected.mul(weight).sum().backward();
      for (int i = 0; i < 3; i++) {
        assertClose(fast[i].grad(), plain[i].grad());
      }
    }
  }

  private static Tensor random(long seed, int h, int w) {
    float[] values = new float[N * h * w * HEADS * D];
    RandomStream.of(seed).fillGaussian(values, 0, values.length);
    Tensor tensor = Tensors.ofFloats(values, N, h, w, HEADS, D).to(ScalarType.Double);
    tensor.set_requires_grad(true);
    return tensor;
  }

  private static Tensor mask(int h, int w, Visibility visibility) {
    double[] mask = new double[h * w * h * w];
    for (int q = 0; q < h * w; q++) {
      for (int k = 0; k < h * w; k++) {
        boolean sees = visibility.sees(q / w, q % w, k / w, k % w);
        mask[q * h * w + k] = sees ? 0 : Double.NEGATIVE_INFINITY;
      }
    }
    return Tensors.ofDoubles(mask, (long) h * w, (long) h * w);
  }

  private static Tensor dense(Tensor q, Tensor k, Tensor v, Tensor mask) {
    Tensor scores = torch.matmul(sequence(q), sequence(k).transpose(-1, -2)).add(mask);
    return torch
        .matmul(torch.softmax(scores, -1), sequence(v))
        .transpose(1, 2)
        .reshape(Tensors.shape(q));
  }

  private static Tensor sequence(Tensor x) {
    return x.reshape(N, x.size(1) * x.size(2), HEADS, D).transpose(1, 2);
  }

  private static void assertClose(Tensor actual, Tensor expected) {
    assertThat(Tensors.shape(actual)).isEqualTo(Tensors.shape(expected));
    assertThat(actual.sub(expected).abs().max().item_double()).isLessThan(1e-12);
  }
}
