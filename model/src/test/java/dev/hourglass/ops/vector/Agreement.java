package dev.hourglass.ops.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.autograd.Tape;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.Precision;
import dev.hourglass.ops.ReferenceOps;
import dev.hourglass.ops.RotaryTable;
import dev.hourglass.random.RandomStream;
import dev.hourglass.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Runs an operation by both providers, forward and backward: ours in float32 or bfloat16, and the
 * reference in float64 on the same numbers.
 */
final class Agreement {

  /** Errors relative to the largest number of a result. */
  static final double FLOAT32 = 2e-5;

  static final double BFLOAT16 = 3e-2;

  // One of each for all cases, so that its caches see tensors come and go.
  private static final VectorOps FLOATS = new VectorOps(Precision.FP32);
  private static final VectorOps BFLOATS = new VectorOps(Precision.BF16);

  /** An operation of some tensors, all differentiable. */
  interface Operation {
    Tensor run(Ops ops, Tensor[] inputs);
  }

  /** Input; those of the gradients that cancel are judged by the size of what cancels. */
  @SuppressWarnings("ArrayRecordComponent") // Values of a test, never compared.
  private record Input(float[] values, long[] shape, boolean cancels) {}

  private record Result(List<double[]> tensors) {}

  private final List<Input> inputs = new ArrayList<>();
  private final RandomStream random;

  Agreement(long seed) {
    this.random = RandomStream.of(seed);
  }

  /** Adds an input of normal numbers with that deviation and mean. */
  Agreement normal(double mean, double deviation, long... shape) {
    return add(mean, deviation, false, shape);
  }

  /** The learned scale of heads: its gradient is a sum over all tokens of terms that cancel. */
  Agreement headScale(int heads) {
    return add(10, 2, true, heads);
  }

  private Agreement add(double mean, double deviation, boolean cancels, long... shape) {
    int count = 1;
    for (long size : shape) {
      count *= (int) size;
    }
    float[] values = new float[count];
    random.fillGaussian(values, 0, count);
    for (int i = 0; i < count; i++) {
      values[i] = (float) (mean + deviation * values[i]);
    }
    inputs.add(new Input(values, shape, cancels));
    return this;
  }

  /** A weight whose outputs have about unit size. */
  Agreement weight(long out, long in) {
    return normal(0, 1 / Math.sqrt((double) in), out, in);
  }

  /** Requires that both agree, in float32 and in bfloat16. */
  void require(Operation operation) {
    Result truth = run(new ReferenceOps(Precision.FP32), ScalarType.Double, operation);
    requireClose("float32", run(FLOATS, ScalarType.Float, operation), truth, FLOAT32);
    requireClose("bfloat16", run(BFLOATS, ScalarType.Float, operation), truth, BFLOAT16);
  }

  private void requireClose(String name, Result actual, Result truth, double tolerance) {
    for (int i = 0; i < truth.tensors.size(); i++) {
      double[] expected = truth.tensors.get(i);
      double[] values = actual.tensors.get(i);
      assertThat(values).hasSameSizeAs(expected);
      boolean cancels = i > 0 && inputs.get(i - 1).cancels;
      double largest = cancels ? 0.3 * Math.sqrt(truth.tensors.getFirst().length) : 1e-12;
      double error = 0;
      for (int j = 0; j < expected.length; j++) {
        largest = Math.max(largest, Math.abs(expected[j]));
        error = Math.max(error, Math.abs(values[j] - expected[j]));
        assertThat(values[j]).isFinite();
      }
      assertThat(error / largest)
          .as(name + (i == 0 ? " result" : " gradient of input " + (i - 1)))
          .isLessThan(tolerance);
    }
  }

  /** The result, and the gradients of all inputs for a fixed random gradient of the result. */
  private Result run(Ops ops, ScalarType type, Operation operation) {
    try (PointerScope scope = new PointerScope();
        Tape tape = new Tape()) {
      Tensor[] leaves =
          inputs.stream()
              .map(input -> Tensors.ofFloats(input.values, input.shape).to(type))
              .map(tensor -> tensor.set_requires_grad(true))
              .toArray(Tensor[]::new);
      Tensor result = operation.run(ops, leaves);
      float[] direction = new float[Math.toIntExact(result.numel())];
      RandomStream.of(direction.length).fillGaussian(direction, 0, direction.length);
      Tensor gradient = Tensors.ofFloats(direction, Tensors.shape(result)).to(type);
      result.mul(gradient).sum().backward();
      List<double[]> tensors = new ArrayList<>();
      tensors.add(Tensors.toDoubles(result));
      for (Tensor leaf : leaves) {
        tensors.add(Tensors.toDoubles(leaf.grad()));
      }
      return new Result(tensors);
    }
  }

  /** Tables of a grid in the type of {@code like}. */
  static RotaryTable rotary(Tensor like, int h, int w, int heads, int d) {
    float[] freqs = new float[heads * d / 8];
    for (int i = 0; i < freqs.length; i++) {
      freqs[i] = (float) (Math.PI * Math.pow(10, (double) i / freqs.length));
    }
    return RotaryTable.of(
        Tensors.ofFloats(freqs, heads, d / 8).to(like),
        positions(h).to(like),
        positions(w).to(like),
        ScalarType.Double);
  }

  private static Tensor positions(int count) {
    float[] centres = new float[count];
    for (int i = 0; i < count; i++) {
      centres[i] = (2 * i + 1f) / count - 1;
    }
    return Tensors.ofFloats(centres, count);
  }
}
