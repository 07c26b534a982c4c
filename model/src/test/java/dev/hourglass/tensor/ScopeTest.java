package dev.hourglass.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class ScopeTest {

  @Test
  void aScopeFreesAllButItsResult() {
    try (PointerScope outer = new PointerScope()) {
      Tensor[] temporary = new Tensor[1];
      Tensor result =
          Scope.of(
              () -> {
                temporary[0] = Tensors.ofFloats(new float[] {1, 2}, 2);
                return temporary[0].add(temporary[0]);
              });
      assertThat(temporary[0].isNull()).isTrue();
      assertThat(Tensors.toFloats(result)).containsExactly(2, 4);
    }
  }

  @Test
  void aResultOutsideTheScopeStaysWithItsOwner() {
    try (PointerScope outer = new PointerScope()) {
      Tensor x = Tensors.ofFloats(new float[] {1}, 1);
      Tensor same = Scope.of(() -> x);
      same.close();
      assertThat(Tensors.toFloats(x)).containsExactly(1);
    }
  }

  @Test
  void anOwnedTensorOutlivesEveryScopeUntilItIsClosed() {
    Tensor owned;
    try (PointerScope scope = new PointerScope()) {
      owned = Scope.own(new Tensor(Tensors.ofFloats(new float[] {3}, 1)));
    }
    assertThat(Tensors.toFloats(owned)).containsExactly(3);
    owned.close();
    assertThat(owned.isNull()).isTrue();
  }

  @Test
  void nestedScopesLeaveNoPointersBehind() {
    Runnable work =
        () -> {
          try (PointerScope scope = new PointerScope()) {
            Tensor x =
                Scope.of(() -> Scope.of(() -> Tensors.ofFloats(new float[64], 64).exp()).exp());
            assertThat(x.numel()).isEqualTo(64);
          }
        };
    work.run();
    long before = Pointer.totalCount();
    for (int i = 0; i < 1000; i++) {
      work.run();
    }
    // Fewer are left where the garbage collector has freed those of other tests meanwhile.
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
  }
}
