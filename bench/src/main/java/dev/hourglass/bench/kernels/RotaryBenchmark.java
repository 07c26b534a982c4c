package dev.hourglass.bench.kernels;

import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.kernels.rotary.CosineRotary;
import dev.hourglass.kernels.rotary.RotaryTables;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/** Scaling and rotation of the queries of two images of 64 x 64 tokens and two heads of 64. */
public class RotaryBenchmark extends KernelBenchmark {

  private static final int SIDE = 64;
  private static final int TOKENS = SIDE * SIDE;
  private static final int HEADS = 2;
  private static final int D = 64;
  private static final int PLANES = 2 * HEADS;

  /** From a token's q to the next token's, past its k and v. */
  private static final long STRIDE = 4L * 3 * HEADS * D;

  private RotaryTables tables;
  private long qkv; // [images, tokens, 3, heads, d]
  private long q; // [images, heads, tokens, d]
  private long factors; // [images, heads, tokens]
  private long gradient; // like q

  @Setup
  public void allocate() {
    int angles = SIDE * HEADS * D / 8;
    tables =
        RotaryTables.of(
            SIDE,
            SIDE,
            HEADS,
            D / 8,
            buffers.constant(angles, 0.8f),
            buffers.constant(angles, 0.6f),
            buffers.constant(angles, 0.6f),
            buffers.constant(angles, 0.8f));
    qkv = buffers.floats(3L * PLANES * TOKENS * D);
    q = buffers.floats((long) PLANES * TOKENS * D);
    factors = buffers.floats((long) PLANES * TOKENS);
    gradient = buffers.floats((long) PLANES * TOKENS * D);
  }

  private CosineRotary.Slice slice(int plane) {
    return new CosineRotary.Slice(tables, plane % HEADS, 0, TOKENS, D);
  }

  private long rows(int plane) {
    return qkv + (long) plane / HEADS * TOKENS * STRIDE + 4L * (plane % HEADS) * D;
  }

  @Benchmark
  public void forward() {
    Workers.shared()
        .run(
            PLANES,
            (plane, scratch) ->
                CosineRotary.forward(
                    slice(plane),
                    1,
                    rows(plane),
                    STRIDE,
                    q + 4L * plane * TOKENS * D,
                    factors + 4L * plane * TOKENS));
  }

  @Benchmark
  public void backward() {
    Workers.shared()
        .run(
            PLANES,
            (plane, scratch) ->
                CosineRotary.backward(
                    slice(plane),
                    1,
                    q + 4L * plane * TOKENS * D,
                    factors + 4L * plane * TOKENS,
                    gradient + 4L * plane * TOKENS * D,
                    rows(plane),
                    STRIDE));
  }
}
