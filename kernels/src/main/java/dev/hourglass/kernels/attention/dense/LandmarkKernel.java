package dev.hourglass.kernels.attention.dense;

import dev.hourglass.kernels.attention.AttentionKernel;
import dev.hourglass.kernels.attention.BlockMeansKernel;
import dev.hourglass.kernels.attention.PseudoInverseKernel;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.kernels.product.Gemm;
import dev.hourglass.kernels.product.Sums;
import dev.hourglass.kernels.product.Transpose;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Nystrom attention, {@code F A^+ B v} (Xiong et al. 2021; docs/model.md, 3.11): landmarks, the
 * means of blocks of q and k, gather what all tokens have (B v), that is unmixed (A^+), and tokens
 * take it from the landmarks (F). q and k come normalised and rotated, their products are the
 * logits.
 *
 * <p>Keep a kernel for its shape rather than making one for each call: it holds working memory. One
 * thread at a time may use it.
 */
public final class LandmarkKernel implements AttentionKernel {

  private final int planes;
  private final int heads;
  private final int landmarks;
  private final int d;
  private final BlockMeansKernel means;
  private final PseudoInverseKernel inverse;
  private final AttentionKernel gather;
  private final AttentionKernel spread;
  private MemorySegment room;

  /**
   * Attention for one shape.
   *
   * @param h rows of the grid of tokens; likewise w
   * @param d channels of a head, a multiple of 8
   * @param rows landmarks in a column of the grid, a divisor of h; likewise columns
   * @param bfloat16 whether products with tokens take bfloat16 operands
   */
  public LandmarkKernel(
      int images, int heads, int h, int w, int d, int rows, int columns, boolean bfloat16) {
    this.planes = images * heads;
    this.heads = heads;
    this.landmarks = rows * columns;
    this.d = d;
    this.means = new BlockMeansKernel(planes, h, w, d, rows, columns);
    this.inverse = new PseudoInverseKernel(planes, landmarks);
    this.gather = new GlobalKernel(images, heads, landmarks, h * w, d, bfloat16);
    this.spread = new GlobalKernel(images, heads, h * w, landmarks, d, bfloat16);
  }

  /**
   * What forward leaves. Of the landmarks, {@code [planes, landmarks, d]}, but for the rows that
   * they gathered, {@code [images, landmarks, heads, d]}.
   *
   * @param a {@code [planes, landmarks, landmarks]}; likewise its pseudo-inverse z
   */
  private record Kept(
      long qMeans,
      long kMeans,
      long gathered,
      long unmixed,
      long a,
      long z,
      long gather,
      long spread,
      long size) {}

  private Kept kept(long base) {
    Parts parts = new Parts(base);
    return new Kept(
        parts.floats(plane() * planes),
        parts.floats(plane() * planes),
        parts.floats(plane() * planes),
        parts.floats(plane() * planes),
        parts.floats(matrix() * planes),
        parts.floats(matrix() * planes),
        parts.bytes(gather.keptBytes()),
        parts.bytes(spread.keptBytes()),
        parts.size());
  }

  /** Working memory of one call, kept for the next. */
  private long room(long bytes) {
    if (room == null || room.byteSize() < bytes) {
      room = Arena.ofAuto().allocate(bytes, 64);
    }
    return room.address();
  }

  /** Numbers of a head's landmarks. */
  private long plane() {
    return (long) landmarks * d;
  }

  private long matrix() {
    return (long) landmarks * landmarks;
  }

  @Override
  public long keptBytes() {
    return kept(0).size;
  }

  @Override
  public void forward(long q, long k, long v, long out, long keptMemory) {
    Kept kept = kept(keptMemory == 0 ? room(keptBytes()) : keptMemory);
    means.forward(q, kept.qMeans);
    means.forward(k, kept.kMeans);
    gather.forward(kept.qMeans, k, v, kept.gathered, kept.gather);
    eachPlane(
        (plane, scratch) -> {
          long transposed = scratch.floats(plane());
          transpose(at(kept.kMeans, plane), landmarks, d, transposed);
          long a = matrixAt(kept.a, plane);
          multiply(landmarks, d, landmarks, at(kept.qMeans, plane), transposed, a);
          softmax(a);
        });
    inverse.forward(kept.a, kept.z);
    eachPlane(
        (plane, scratch) -> {
          long gathered = scratch.floats(plane());
          copyRows(plane, kept.gathered, gathered, true);
          long z = matrixAt(kept.z, plane);
          multiply(landmarks, landmarks, d, z, gathered, at(kept.unmixed, plane));
        });
    spread.forward(q, kept.kMeans, kept.unmixed, out, kept.spread);
  }

  /** Room for the gradients of what forward leaves. */
  private record Work(
      long qMeans, long kMeans, long gathered, long unmixed, long a, long z, long size) {}

  private Work work(long base) {
    Parts parts = new Parts(base);
    return new Work(
        parts.floats(plane() * planes),
        parts.floats(plane() * planes),
        parts.floats(plane() * planes),
        parts.floats(plane() * planes),
        parts.floats(matrix() * planes),
        parts.floats(matrix() * planes),
        parts.size());
  }

  @Override
  public void backward(
      long q, long k, long v, long out, long keptMemory, long outGradient, Gradients gradients) {
    Kept kept = kept(keptMemory);
    Work work = work(room(work(0).size));
    spread.backward(
        q,
        kept.kMeans,
        kept.unmixed,
        out,
        kept.spread,
        outGradient,
        new Gradients(gradients.q(), work.kMeans, work.unmixed));
    eachPlane((plane, scratch) -> unmixBack(plane, kept, work, scratch));
    inverse.backward(kept.a, work.z, work.a);
    gather.backward(
        kept.qMeans,
        k,
        v,
        kept.gathered,
        kept.gather,
        work.gathered,
        new Gradients(work.qMeans, gradients.k(), gradients.v()));
    eachPlane((plane, scratch) -> logitsBack(plane, kept, work, scratch));
    means.addBackward(work.qMeans, gradients.q());
    means.addBackward(work.kMeans, gradients.k());
  }

  /** From {@code unmixed = Z gathered}. */
  private void unmixBack(int plane, Kept kept, Work work, Scratch scratch) {
    long gathered = scratch.floats(plane());
    long transposed = scratch.floats(Math.max(plane(), matrix()));
    long given = at(work.unmixed, plane);
    copyRows(plane, kept.gathered, gathered, true);
    transpose(gathered, landmarks, d, transposed);
    multiply(landmarks, d, landmarks, given, transposed, matrixAt(work.z, plane));
    transpose(matrixAt(kept.z, plane), landmarks, landmarks, transposed);
    multiply(landmarks, landmarks, d, transposed, given, gathered);
    copyRows(plane, work.gathered, gathered, false);
  }

  /** From {@code A = softmax(q~ k~^T)}: adds to the gradients of the means. */
  private void logitsBack(int plane, Kept kept, Work work, Scratch scratch) {
    long product = scratch.floats(plane());
    long transposed = scratch.floats(matrix());
    long given = matrixAt(work.a, plane);
    softmaxBack(matrixAt(kept.a, plane), given);
    multiply(landmarks, landmarks, d, given, at(kept.kMeans, plane), product);
    Sums.add(at(work.qMeans, plane), product, landmarks * d);
    transpose(given, landmarks, landmarks, transposed);
    multiply(landmarks, landmarks, d, transposed, at(kept.qMeans, plane), product);
    Sums.add(at(work.kMeans, plane), product, landmarks * d);
  }

  private void eachPlane(Workers.Work work) {
    Workers.shared().run(planes, work);
  }

  private long at(long base, int plane) {
    return base + 4 * plane() * plane;
  }

  private long matrixAt(long base, int plane) {
    return base + 4 * matrix() * plane;
  }

  /** Between token rows, {@code [images, landmarks, heads, d]}, and a head's plane. */
  private void copyRows(int plane, long rows, long target, boolean toPlane) {
    long first = rows + 4L * ((long) (plane / heads) * landmarks * heads + plane % heads) * d;
    for (int i = 0; i < landmarks; i++) {
      long row = first + 4L * i * heads * d;
      long own = target + 4L * i * d;
      Memory.copy(toPlane ? row : own, toPlane ? own : row, 4L * d);
    }
  }

  /** {@code c = a b}, of {@code [m, k]} and {@code [k, n]}. */
  private static void multiply(int m, int k, int n, long a, long b, long c) {
    Gemm.floats(false, m, n, k, a, k, b, n, c, n);
  }

  private static void transpose(long x, int rows, int columns, long target) {
    Transpose.transpose(x, 4L * columns, rows, columns, target, 4L * rows);
  }

  /** Of each row, in place; there are few. */
  private void softmax(long a) {
    for (int i = 0; i < landmarks; i++) {
      long row = a + 4L * i * landmarks;
      float largest = Float.NEGATIVE_INFINITY;
      for (int j = 0; j < landmarks; j++) {
        largest = Math.max(largest, Memory.getFloat(row + 4L * j));
      }
      double sum = 0;
      for (int j = 0; j < landmarks; j++) {
        double e = Math.exp((double) Memory.getFloat(row + 4L * j) - largest);
        Memory.setFloat(row + 4L * j, (float) e);
        sum += e;
      }
      for (int j = 0; j < landmarks; j++) {
        Memory.setFloat(row + 4L * j, (float) (Memory.getFloat(row + 4L * j) / sum));
      }
    }
  }

  /** The gradient of the logits in place of that of their softmax. */
  private void softmaxBack(long a, long gradient) {
    for (int i = 0; i < landmarks; i++) {
      long row = a + 4L * i * landmarks;
      long given = gradient + 4L * i * landmarks;
      float mean = Sums.dot(row, given, landmarks);
      for (int j = 0; j < landmarks; j++) {
        float p = Memory.getFloat(row + 4L * j);
        Memory.setFloat(given + 4L * j, p * (Memory.getFloat(given + 4L * j) - mean));
      }
    }
  }
}
