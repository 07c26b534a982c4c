package dev.hourglass.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.tensor.Tensors;
import dev.hourglass.tensor.Torch;
import java.util.function.IntFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DifferentiableOpTest {

  /** (a, b) to (a * b, a + b). */
  private static final class ProductAndSum extends DifferentiableOp {
    @Override
    protected Tensor[] forward(Saver saver, Tensor[] in) {
      saver.save(in);
      return new Tensor[] {in[0].mul(in[1]), in[0].add(in[1])};
    }

    @Override
    protected Tensor[] backward(IntFunction<Tensor> saved, Tensor[] g) {
      Tensor zero = saved.apply(0).mul(Tensors.ofDoubles(new double[] {0}, 1));
      Tensor product = g[0] == null ? zero : g[0];
      Tensor sum = g[1] == null ? zero : g[1];
      return new Tensor[] {
        product.mul(saved.apply(1)).add(sum), product.mul(saved.apply(0)).add(sum)
      };
    }
  }

  @BeforeAll
  static void start() {
    Torch.start();
  }

  private static Tensor leaf(double... values) {
    Tensor tensor = Tensors.ofDoubles(values, values.length);
    tensor.set_requires_grad(true);
    return tensor;
  }

  @Test
  void gradientsFlowThroughBothOutputsIntoBothInputs() {
    try (PointerScope scope = new PointerScope();
        Tape tape = new Tape()) {
      Tensor a = leaf(2, 3);
      Tensor b = leaf(5, 7);
      Tensor[] out = new ProductAndSum().apply(a.square(), b);
      out[0].add(out[1].mul(out[1])).sum().backward();
      // d/da [a^2 b + (a^2 + b)^2] = 2 a b + 4 a (a^2 + b);  d/db = a^2 + 2 (a^2 + b)
      assertThat(Tensors.toDoubles(a.grad()))
          .containsExactly(2 * 2 * 5 + 8 * 9, 2 * 3 * 7 + 12 * 16);
      assertThat(Tensors.toDoubles(b.grad())).containsExactly(4 + 18, 9 + 32);
    }
  }

  @Test
  void anOutputThatIsNotUsedSendsNoGradient() {
    try (PointerScope scope = new PointerScope();
        Tape tape = new Tape()) {
      Tensor a = leaf(2);
      Tensor b = leaf(5);
      new ProductAndSum().apply(a, b)[1].sum().backward();
      assertThat(a.grad().item_double()).isEqualTo(1, within(0.0));
    }
  }

  @Test
  void withoutATapeTheCallIsRefusedOnlyWhereGradientsAreNeeded() {
    try (PointerScope scope = new PointerScope()) {
      Tensor constant = Tensors.ofDoubles(new double[] {3}, 1);
      assertThat(new ProductAndSum().apply(constant, constant)[0].item_double())
          .isEqualTo(9, within(0.0));
      Tensor a = leaf(2);
      assertThatThrownBy(() -> new ProductAndSum().apply(a, constant)).hasMessageContaining("Tape");
    }
  }

  @Test
  void tenThousandCallsLeaveMemoryFlat() {
    long before = 0;
    for (int i = 0; i < 10_000; i++) {
      try (PointerScope scope = new PointerScope();
          Tape tape = new Tape()) {
        Tensor a = leaf(new double[1000]);
        Tensor[] out = new ProductAndSum().apply(a, a.square());
        out[0].sum().backward();
      }
      if (i == 2000) {
        before = ProcessMemory.residentBytes();
      }
    }
    assertThat(ProcessMemory.residentBytes() - before).isLessThan(32L << 20);
  }
}
