package dev.hourglass.kernels.block;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.product.Operand;
import dev.hourglass.kernels.product.Weight;
import dev.hourglass.kernels.product.WeightGradient;

/** How every block ends: {@code y = x + inner W^T}, chunk by chunk. */
final class ResidualProduct {

  private final Weight weight;
  private final WeightGradient weightGradient;
  private final int width;
  private final int inner;

  /** Of x and y {@code [images, tokens, weight.out()]}. */
  ResidualProduct(Weight weight, WeightGradient weightGradient) {
    this.weight = weight;
    this.weightGradient = weightGradient;
    this.width = weight.out();
    this.inner = weight.in();
  }

  /** A forward pass from x to y; asked for before the work is shared out. */
  Forward forward(long x, long y) {
    return new Forward(x, y, weight.forForward());
  }

  final class Forward {

    private final long x;
    private final long y;
    private final long form;

    private Forward(long x, long y, long form) {
      this.x = x;
      this.y = y;
      this.form = form;
    }

    /** A chunk's result from its inner rows, {@code [rows, inner]}. */
    void write(Chunk chunk, long innerRows, Scratch scratch) {
      int rows = chunk.rows();
      long left = Operand.left(weight.bfloat16(), innerRows, rows, inner, scratch);
      long from = 4L * chunk.firstRow() * width;
      Memory.copy(x + from, y + from, 4L * rows * width);
      weight.forward(form, true, rows, left, 0, width, y + from, width);
    }
  }

  /** Working memory of a backward pass. */
  long work(Parts parts) {
    return parts.bytes(weightGradient.bytes());
  }

  /** A backward pass; asked for before the work is shared out. */
  Backward backward(long yGradient, long work, long gradient) {
    return new Backward(yGradient, work, gradient, weight.forBackward());
  }

  final class Backward {

    private final long yGradient;
    private final long work;
    private final long gradient;
    private final long form;

    private Backward(long yGradient, long work, long gradient, long form) {
      this.yGradient = yGradient;
      this.work = work;
      this.gradient = gradient;
      this.form = form;
    }

    private long rows(Chunk chunk) {
      return yGradient + 4L * chunk.firstRow() * width;
    }

    /** The gradient of a chunk's inner rows, to {@code target}. */
    void multiply(Chunk chunk, long target, Scratch scratch) {
      int rows = chunk.rows();
      long left = Operand.left(weight.bfloat16(), rows(chunk), rows, width, scratch);
      weight.backward(form, rows, left, 0, inner, target, inner);
    }

    /** Where to make a chunk's inner rows again. */
    long room(Chunk chunk, Scratch scratch) {
      return weightGradient.xRoom(work, chunk, scratch);
    }

    /** Adds a chunk to the weight's gradient. */
    void add(Chunk chunk, long innerRows, Scratch scratch) {
      weightGradient.add(work, chunk, rows(chunk), innerRows, scratch);
    }

    /**
     * Sums what the chunks gave.
     *
     * @param innerRows those of the batch where they lie in memory anyway; 0 if in rooms
     */
    void finish(long innerRows) {
      weightGradient.finish(work, yGradient, innerRows, gradient);
    }
  }
}
