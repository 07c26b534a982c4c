package dev.hourglass.kernels.attention;

import dev.hourglass.kernels.product.Bfloat16;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Random attention, computed by a kernel and by definition in double precision. */
public final class DenseAttentionCase {

  private final int images;
  private final int heads;
  private final int tokens;
  private final int d;
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

    static Results empty(int count) {
      return new Results(Stream.generate(() -> new float[count]).limit(4).toList());
    }

    public float[] out() {
      return arrays.get(0);
    }

    float[] qGradient() {
      return arrays.get(1);
    }

    float[] kGradient() {
      return arrays.get(2);
    }

    float[] vGradient() {
      return arrays.get(3);
    }

    public boolean hasSameBitsAs(Results other) {
      return IntStream.range(0, 4).allMatch(i -> Arrays.equals(arrays.get(i), other.arrays.get(i)));
    }

    /** The greatest difference, as a part of the greatest number of the same array expected. */
    public double differenceFrom(Results expected) {
      return IntStream.range(0, 4)
          .mapToDouble(i -> difference(arrays.get(i), expected.arrays.get(i)))
          .max()
          .orElseThrow();
    }

    private static double difference(float[] actual, float[] expected) {
      double greatest = 0;
      double difference = 0;
      for (int i = 0; i < expected.length; i++) {
        greatest = Math.max(greatest, Math.abs(expected[i]));
        // Not max(), so that NaN stays.
        double own = Math.abs(actual[i] - expected[i]);
        difference = own <= difference ? difference : own;
      }
      // One token alone has gradients of 0, so what is small is compared with 1/4.
      return difference / Math.max(greatest, 0.25);
    }
  }

  /** Whether a query sees a key. */
  @FunctionalInterface
  public interface Sight {
    boolean sees(int query, int key);
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

  /** What attention is by definition, where queries see some keys only. */
  public Results defined(Sight sight) {
    int count = q.length;
    Results results = Results.empty(count);
    for (int plane = 0; plane < images * heads; plane++) {
      double[] kGradient = new double[tokens * d];
      double[] vGradient = new double[tokens * d];
      for (int query = 0; query < tokens; query++) {
        addQuery(plane, query, sight, kGradient, vGradient, results);
      }
      for (int i = 0; i < tokens * d; i++) {
        results.kGradient()[plane * tokens * d + i] = (float) kGradient[i];
        results.vGradient()[plane * tokens * d + i] = (float) vGradient[i];
      }
    }
    return results;
  }

  private void addQuery(
      int plane, int query, Sight sight, double[] kGradient, double[] vGradient, Results results) {
    int head = plane * tokens * d;
    int ofQuery = head + query * d;
    int ofRow = ((plane / heads * tokens + query) * heads + plane % heads) * d;
    double[] p = probabilities(head, ofQuery, query, sight);
    double[] out = new double[d];
    double[] pGradient = new double[tokens];
    double mean = 0;
    for (int key = 0; key < tokens; key++) {
      for (int c = 0; c < d; c++) {
        out[c] += p[key] * v[head + key * d + c];
        pGradient[key] += (double) outGradient[ofRow + c] * v[head + key * d + c];
        vGradient[key * d + c] += p[key] * outGradient[ofRow + c];
      }
      mean += p[key] * pGradient[key];
    }
    double[] qGradient = new double[d];
    for (int key = 0; key < tokens; key++) {
      double scoreGradient = p[key] * (pGradient[key] - mean);
      for (int c = 0; c < d; c++) {
        qGradient[c] += scoreGradient * k[head + key * d + c];
        kGradient[key * d + c] += scoreGradient * q[ofQuery + c];
      }
    }
    for (int c = 0; c < d; c++) {
      results.out()[ofRow + c] = (float) out[c];
      results.qGradient()[ofQuery + c] = (float) qGradient[c];
    }
  }

  private double[] probabilities(int head, int ofQuery, int query, Sight sight) {
    double[] p = new double[tokens];
    double max = Double.NEGATIVE_INFINITY;
    for (int key = 0; key < tokens; key++) {
      for (int c = 0; c < d; c++) {
        p[key] += (double) q[ofQuery + c] * k[head + key * d + c];
      }
      if (!sight.sees(query, key)) {
        p[key] = Double.NEGATIVE_INFINITY;
      }
      max = Math.max(max, p[key]);
    }
    double sum = 0;
    for (int key = 0; key < tokens; key++) {
      p[key] = Math.exp(p[key] - max);
      sum += p[key];
    }
    for (int key = 0; key < tokens; key++) {
      p[key] /= sum;
    }
    return p;
  }
}
