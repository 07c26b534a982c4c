package dev.hourglass.kernels.optimizer;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.Workers;
import java.util.Comparator;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * One step of Muon (Jordan et al. 2024; scale and decay of Liu et al. 2025) and of the moving
 * averages of the weights. A thread takes a matrix through all of it; the costliest come first, so
 * that threads end together.
 *
 * <pre>
 * g *= gradientScale
 * m += (1 - momentum) (g - m),   u = g + momentum (m - g)
 * w = (1 - rate * decay) w - 0.2 rate sqrt(max(rows, columns)) NS(u)
 * average += (1 - averageDecay) (w - average)
 * </pre>
 *
 * @see NewtonSchulz
 */
public final class MuonKernel {

  /**
   * What all matrices share.
   *
   * @param gradientScale multiplies every gradient: the clipping factor
   * @param iterations of Newton and Schulz
   * @param averageDecays what each average keeps, in [0, 1]
   */
  public record Step(
      double rate,
      double decay,
      double gradientScale,
      double momentum,
      int iterations,
      List<Double> averageDecays) {}

  /**
   * One weight matrix: addresses of float32 numbers, {@code [rows, columns]} each.
   *
   * @param gradient 0 if there is none: then the averages alone move
   * @param momentum m in the equations
   * @param averages one or more
   */
  public record Matrix(
      int rows, int columns, long weight, long gradient, long momentum, List<Long> averages) {

    private long count() {
      return (long) rows * columns;
    }

    /** Multiplications of an iteration, but for a factor. */
    private long cost() {
      return gradient == 0 ? 0 : count() * Math.min(rows, columns);
    }
  }

  private final Step step;

  private MuonKernel(Step step) {
    this.step = step;
  }

  /**
   * What an orthogonal matrix is multiplied with, besides the rate, so that its numbers are as
   * large as AdamW's updates usually are: 0.2 (Liu et al. 2025, eq. 4).
   */
  public static double scale(long rows, long columns) {
    return 0.2 * Math.sqrt((double) Math.max(rows, columns));
  }

  /** Updates all matrices. */
  public static void update(List<Matrix> matrices, Step step) {
    MuonKernel kernel = new MuonKernel(step);
    List<Matrix> inOrder =
        matrices.stream().sorted(Comparator.comparingLong(Matrix::cost).reversed()).toList();
    Workers.shared().run(inOrder.size(), (i, scratch) -> kernel.updateOne(inOrder.get(i), scratch));
  }

  private void updateOne(Matrix matrix, Scratch scratch) {
    if (matrix.gradient != 0) {
      long u = scratch.floats(matrix.count());
      direct(matrix, u);
      NewtonSchulz.run(matrix.rows, matrix.columns, u, step.iterations, scratch);
      move(matrix, u);
    }
    for (int i = 0; i < matrix.averages.size(); i++) {
      average(matrix, matrix.averages.get(i), step.averageDecays.get(i));
    }
  }

  /** The momentum's step, and u. */
  private void direct(Matrix matrix, long u) {
    float scale = (float) step.gradientScale;
    float share = (float) (1 - step.momentum);
    float look = (float) step.momentum;
    VectorMask<Float> meanFromEnd = AdamWKernel.fromEnd(share);
    VectorMask<Float> lookFromEnd = AdamWKernel.fromEnd(look);
    FloatVector meanFactor = AdamWKernel.lerpFactor(share);
    FloatVector lookFactor = AdamWKernel.lerpFactor(look);
    long count = matrix.count();
    long whole = 4 * (count - count % Lanes.COUNT);
    for (long at = 0; at < whole; at += Lanes.BYTES) {
      FloatVector g =
          FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, matrix.gradient + at, ORDER).mul(scale);
      FloatVector m = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, matrix.momentum + at, ORDER);
      m = g.sub(m).fma(meanFactor, m.blend(g, meanFromEnd));
      m.intoMemorySegment(ALL, matrix.momentum + at, ORDER);
      m.sub(g).fma(lookFactor, g.blend(m, lookFromEnd)).intoMemorySegment(ALL, u + at, ORDER);
    }
    for (long at = whole; at < 4 * count; at += 4) {
      float g = scale * Memory.getFloat(matrix.gradient + at);
      float m = lerp(Memory.getFloat(matrix.momentum + at), g, share);
      Memory.setFloat(matrix.momentum + at, m);
      Memory.setFloat(u + at, lerp(g, m, look));
    }
  }

  /** {@code w = (1 - rate * decay) w - 0.2 rate sqrt(max(rows, columns)) o}. */
  private void move(Matrix matrix, long o) {
    float kept = (float) (1 - step.rate * step.decay);
    float change = (float) (-step.rate * scale(matrix.rows, matrix.columns));
    long count = matrix.count();
    long whole = 4 * (count - count % Lanes.COUNT);
    for (long at = 0; at < whole; at += Lanes.BYTES) {
      FloatVector w = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, matrix.weight + at, ORDER);
      FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, o + at, ORDER)
          .fma(FloatVector.broadcast(Lanes.FLOATS, change), w.mul(kept))
          .intoMemorySegment(ALL, matrix.weight + at, ORDER);
    }
    for (long at = whole; at < 4 * count; at += 4) {
      float w =
          Math.fma(Memory.getFloat(o + at), change, kept * Memory.getFloat(matrix.weight + at));
      Memory.setFloat(matrix.weight + at, w);
    }
  }

  /** {@code average += (1 - decay) (w - average)}. */
  private static void average(Matrix matrix, long average, double decay) {
    float share = (float) (1 - decay);
    long count = matrix.count();
    long whole = 4 * (count - count % Lanes.COUNT);
    if (whole > 0) {
      AdamWKernel.moveAverage(matrix.weight, average, whole, share);
    }
    for (long at = whole; at < 4 * count; at += 4) {
      float w = Memory.getFloat(matrix.weight + at);
      Memory.setFloat(average + at, lerp(Memory.getFloat(average + at), w, share));
    }
  }

  /** {@code x + share (y - x)}, as the vectors do it. */
  private static float lerp(float x, float y, float share) {
    return share >= 0.5f ? Math.fma(y - x, share - 1, y) : Math.fma(y - x, share, x);
  }
}
