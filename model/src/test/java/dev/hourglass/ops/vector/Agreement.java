package dev.hourglass.ops.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.autograd.Tape;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.Precision;
import dev.hourglass.ops.ReferenceOps;
import dev.hourglass.ops.RotaryTable;
import dev.hourglass.tensor.Tensors;
import dev.hourglass.testing.Rounding;
import dev.hourglass.testing.Sensitivity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Runs an operation by both providers, forward and backward: ours in float32 or bfloat16, and the
 * reference in float64 on the same numbers, which says too how exact ours can be ({@link
 * Sensitivity}).
 */
final class Agreement {

  // One of each for all cases, so that its caches see tensors come and go.
  private static final VectorOps FLOATS = new VectorOps(Precision.FP32);
  private static final VectorOps BFLOATS = new VectorOps(Precision.BF16);

  private static final Map<Rounding, Double> WORST = new ConcurrentHashMap<>();

  /** An operation of some tensors, all differentiable. */
  interface Operation {
    Tensor run(Ops ops, Tensor[] inputs);
  }

  @SuppressWarnings("ArrayRecordComponent") // Values of a test, never compared.
  private record Input(float[] values, long[] shape) {}

  private static final String RESULT = "result";

  private final List<Input> inputs = new ArrayList<>();
  private final RandomStream random;

  Agreement(long seed) {
    this.random = RandomStream.of(seed);
  }

  /** Adds an input of normal numbers with that deviation and mean. */
  Agreement normal(double mean, double deviation, long... shape) {
    int count = 1;
    for (long size : shape) {
      count *= (int) size;
    }
    float[] values = new float[count];
    random.fillGaussian(values, 0, count);
    for (int i = 0; i < count; i++) {
      values[i] = (float) (mean + deviation * values[i]);
    }
    inputs.add(new Input(values, shape));
    return this;
  }

  /** The learned scale of heads. */
  Agreement headScale(int heads) {
    return normal(10, 2, heads);
  }

  /** A weight whose outputs have about unit size. */
  Agreement weight(long out, long in) {
    return normal(0, 1 / Math.sqrt((double) in), out, in);
  }

  /** Requires that both agree, in float32 and in bfloat16. */
  void require(Operation operation) {
    require(FLOATS, Rounding.FLOAT32, operation);
    require(BFLOATS, Rounding.BFLOAT16, operation);
  }

  /**
   * The same of a function whose slope jumps: which numbers bfloat16 moves across the jump is luck,
   * so there the result alone counts.
   */
  void requireWithJumps(Operation operation) {
    require(FLOATS, Rounding.FLOAT32, operation);
    Map<String, Double> ratios = ratios(BFLOATS, Rounding.BFLOAT16, operation);
    require(BFLOATS, Rounding.BFLOAT16, Map.of(RESULT, ratios.get(RESULT)));
  }

  private void require(Ops ops, Rounding rounding, Operation operation) {
    require(ops, rounding, ratios(ops, rounding, operation));
  }

  private static void require(Ops ops, Rounding rounding, Map<String, Double> ratios) {
    assertThat(ratios)
        .as(ops.name() + ": error / allowed")
        .allSatisfy((name, ratio) -> assertThat(ratio).isLessThan(1));
    WORST.merge(rounding, Collections.max(ratios.values()), Math::max);
  }

  /** The largest errors of all cases so far, each as a part of what is allowed. */
  static String worst() {
    return "float32 %.2f, bfloat16 %.2f of what is allowed"
        .formatted(WORST.get(Rounding.FLOAT32), WORST.get(Rounding.BFLOAT16));
  }

  /** Largest error over allowed error, of the result and of the gradient of each input. */
  Map<String, Double> ratios(Ops ops, Rounding rounding, Operation operation) {
    Ops reference = new ReferenceOps(Precision.FP32);
    Sensitivity sensitivity =
        Sensitivity.of(rounding, noise -> run(reference, ScalarType.Double, operation, noise));
    Map<String, double[]> computed = run(ops, ScalarType.Float, operation, values -> values);
    double[] result = sensitivity.truth(RESULT);
    Map<String, Double> ratios = new LinkedHashMap<>();
    ratios.put(RESULT, sensitivity.ratio(RESULT, computed.get(RESULT)));
    for (int i = 0; i < inputs.size(); i++) {
      double[] allowance = sensitivity.allowance(gradient(i), uncancelled(result, inputs.get(i)));
      ratios.put(
          gradient(i),
          Sensitivity.ratio(computed.get(gradient(i)), sensitivity.truth(gradient(i)), allowance));
    }
    return ratios;
  }

  private static String gradient(int input) {
    return "gradient of input " + input;
  }

  /**
   * The size of a gradient if its terms did not cancel: a relative change of the input changes all
   * of the result as much. (The gradients of attention cancel wholly where a query sees one key.)
   */
  private static double uncancelled(double[] result, Input input) {
    double[] terms = doubles(direction(result.length));
    for (int i = 0; i < terms.length; i++) {
      terms[i] *= result[i];
    }
    return norm(terms) / norm(doubles(input.values));
  }

  private static double norm(double[] values) {
    return Math.sqrt(DoubleStream.of(values).map(v -> v * v).sum());
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  /** The gradient of a result: random, and the same whoever computes. */
  private static float[] direction(int count) {
    float[] direction = new float[count];
    RandomStream.of(count).fillGaussian(direction, 0, count);
    return direction;
  }

  private Map<String, double[]> run(
      Ops ops, ScalarType type, Operation operation, Sensitivity.Inputs noise) {
    try (PointerScope scope = new PointerScope();
        Tape tape = new Tape()) {
      Tensor[] leaves =
          inputs.stream()
              .map(input -> Tensors.ofDoubles(noise.of(doubles(input.values)), input.shape))
              .map(tensor -> tensor.to(type).set_requires_grad(true))
              .toArray(Tensor[]::new);
      Tensor result = operation.run(ops, leaves);
      double[] direction = doubles(direction(Math.toIntExact(result.numel())));
      Tensor gradient = Tensors.ofDoubles(noise.of(direction), Tensors.shape(result)).to(type);
      result.mul(gradient).sum().backward();
      Map<String, double[]> results = new LinkedHashMap<>();
      results.put(RESULT, Tensors.toDoubles(result));
      for (int i = 0; i < leaves.length; i++) {
        results.put(gradient(i), Tensors.toDoubles(leaves[i].grad()));
      }
      return results;
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
