package dev.hourglass.kernels.attention;

import dev.hourglass.kernels.product.Bfloat16;
import dev.hourglass.testing.Rounding;
import dev.hourglass.testing.Sensitivity;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Random attention, computed by a kernel and judged by the definition. */
public final class DenseAttentionCase {

  /** What is smaller is compared with this: one token alone has gradients of 0. */
  private static final double SMALL = 0.25;

  private final int images;
  private final int heads;
  private final int tokens;
  private final int d;
  private final boolean bfloat16;
  private final float[] q;
  private final float[] k;
  private final float[] v;

  /** {@code [images, tokens, heads, d]}. */
  private final float[] outGradient;

  /**
   * A case with scores of about {@code scoreScale}. With {@code bfloat16} all inputs are numbers of
   * that format, so that kernels round only what they compute.
   */
  public DenseAttentionCase(
      int images, int heads, int tokens, int d, double scoreScale, boolean bfloat16) {
    this.images = images;
    this.heads = heads;
    this.tokens = tokens;
    this.d = d;
    this.bfloat16 = bfloat16;
    var random = new SplittableRandom(31L * tokens + d);
    int count = images * heads * tokens * d;
    double scale = Math.sqrt(scoreScale / Math.sqrt(d));
    q = numbers(random, count, scale, bfloat16);
    k = numbers(random, count, scale, bfloat16);
    v = numbers(random, count, 1, bfloat16);
    outGradient = numbers(random, count, 1, bfloat16);
  }

  private static float[] numbers(
      SplittableRandom random, int count, double scale, boolean bfloat16) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      float number = (float) (random.nextGaussian() * scale);
      numbers[i] = bfloat16 ? Bfloat16.toFloat(Bfloat16.of(number)) : number;
    }
    return numbers;
  }

  /** The result and the gradients of q, k and v, in the kernels' layouts. */
  public record Results(List<float[]> arrays) {

    static final List<String> NAMES =
        List.of("out", "gradient of q", "gradient of k", "gradient of v");

    public float[] out() {
      return arrays.get(0);
    }

    public boolean hasSameBitsAs(Results other) {
      return IntStream.range(0, 4).allMatch(i -> Arrays.equals(arrays.get(i), other.arrays.get(i)));
    }
  }

  /** What {@code kernel} computes; targets hold NaN before. */
  public Results computedBy(AttentionKernel kernel) {
    return computedBy(kernel, true);
  }

  /** The result alone, of a call that keeps nothing for a backward pass. */
  public float[] outWithoutKeeping(AttentionKernel kernel) {
    return computedBy(kernel, false).out();
  }

  private Results computedBy(AttentionKernel kernel, boolean withGradients) {
    try (Arena arena = Arena.ofConfined()) {
      int count = q.length;
      long[] inputs = new long[4];
      float[][] arrays = {q, k, v, outGradient};
      for (int i = 0; i < 4; i++) {
        inputs[i] = arena.allocateFrom(ValueLayout.JAVA_FLOAT, arrays[i]).address();
      }
      MemorySegment[] targets = new MemorySegment[4];
      for (int i = 0; i < 4; i++) {
        targets[i] = arena.allocate(4L * count, 4).fill((byte) 0xFF);
      }
      long kept = arena.allocate(kernel.keptBytes(), 4).address();
      long out = targets[0].address();
      kernel.forward(inputs[0], inputs[1], inputs[2], out, withGradients ? kept : 0);
      if (withGradients) {
        var gradients =
            new AttentionKernel.Gradients(
                targets[1].address(), targets[2].address(), targets[3].address());
        kernel.backward(inputs[0], inputs[1], inputs[2], out, kept, inputs[3], gradients);
      }
      return new Results(
          Arrays.stream(targets).map(t -> t.toArray(ValueLayout.JAVA_FLOAT)).toList());
    }
  }

  /**
   * The largest error of what a kernel computed, as a part of what is allowed. Float32 is judged by
   * what it can do on the case. In bfloat16 only the probabilities and their gradients are rounded,
   * and may be off by a hundredth of an array's greatest number.
   */
  public double error(Results computed, AttentionDefinition.Sight sight) {
    var shape = new AttentionDefinition.Shape(images, heads, tokens, d);
    Sensitivity exact =
        Sensitivity.of(
            Rounding.FLOAT32,
            bfloat16 ? 0 : 4,
            inputs ->
                AttentionDefinition.results(
                    shape,
                    sight,
                    inputs.of(doubles(q)),
                    inputs.of(doubles(k)),
                    inputs.of(doubles(v)),
                    inputs.of(doubles(outGradient))));
    return IntStream.range(0, 4)
        .mapToDouble(
            i -> {
              double[] expected = exact.truth(Results.NAMES.get(i));
              double[] allowance =
                  bfloat16
                      ? hundredth(expected)
                      : exact.allowance(
                          Results.NAMES.get(i), exact.truth("terms of " + Results.NAMES.get(i)));
              return Sensitivity.ratio(doubles(computed.arrays.get(i)), expected, allowance);
            })
        .max()
        .orElseThrow();
  }

  private static double[] hundredth(double[] expected) {
    double greatest = DoubleStream.of(expected).map(Math::abs).max().orElseThrow();
    double[] allowance = new double[expected.length];
    Arrays.fill(allowance, 1e-2 * Math.max(greatest, SMALL));
    return allowance;
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }
}
