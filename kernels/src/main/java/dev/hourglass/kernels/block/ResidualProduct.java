package dev.hourglass.kernels.block;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.norm.ImageRows;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.product.Bias;
import dev.hourglass.kernels.product.Operand;
import dev.hourglass.kernels.product.SegmentSums;
import dev.hourglass.kernels.product.Weight;
import dev.hourglass.kernels.product.WeightGradient;

/**
 * How every block ends: {@code y = x + f} with {@code f = inner W^T + b}, or {@code y = x + gate *
 * f}, chunk by chunk. With a gate, f is kept for the backward pass.
 */
final class ResidualProduct {

  private final TokenChunks chunks;
  private final Weight weight;
  private final WeightGradient weightGradient;
  private final Bias bias;
  private final boolean gated;
  private final SegmentSums gateSums;
  private final int width;
  private final int inner;

  /**
   * Of x and y {@code [images, tokens, weight.out()]}.
   *
   * @param weightGradient made for rows of dy that lie in memory anyway unless there is a gate
   */
  ResidualProduct(TokenChunks chunks, Weight weight, WeightGradient weightGradient, boolean gated) {
    this.chunks = chunks;
    this.weight = weight;
    this.weightGradient = weightGradient;
    this.gated = gated;
    this.bias = new Bias(chunks, weight.out());
    this.gateSums = new SegmentSums(chunks, weight.out());
    this.width = weight.out();
    this.inner = weight.in();
  }

  /** Bytes that a forward pass keeps for the backward pass. */
  long keptBytes() {
    return gated ? 4L * chunks.rows() * width : 0;
  }

  /**
   * A forward pass from x to y; asked for before the work is shared out.
   *
   * @param kept {@link #keptBytes} bytes, or 0 if no backward pass follows
   */
  Forward forward(long x, BlockParameters parameters, long y, long kept) {
    return new Forward(x, parameters, y, kept, weight.forForward());
  }

  final class Forward {

    private final long x;
    private final BlockParameters parameters;
    private final long y;
    private final long kept;
    private final long form;

    private Forward(long x, BlockParameters parameters, long y, long kept, long form) {
      if (parameters.gate().exist() != gated) {
        throw new IllegalArgumentException(
            "a kernel made " + (gated ? "for" : "without") + " a gate");
      }
      this.x = x;
      this.parameters = parameters;
      this.y = y;
      this.kept = kept;
      this.form = form;
    }

    /** A chunk's result from its inner rows, {@code [rows, inner]}. */
    void write(Chunk chunk, long innerRows, Scratch scratch) {
      int rows = chunk.rows();
      long left = Operand.left(weight.bfloat16(), innerRows, rows, inner, scratch);
      long from = 4L * chunk.firstRow() * width;
      if (gated) {
        long f = (kept == 0 ? y : kept) + from;
        boolean add = Bias.put(parameters.outBias(), 0, width, rows, f, width);
        weight.forward(form, add, rows, left, 0, width, f, width);
        gate(chunk, x + from, f, y + from);
      } else {
        Memory.copy(x + from, y + from, 4L * rows * width);
        Bias.add(parameters.outBias(), rows, width, y + from);
        weight.forward(form, true, rows, left, 0, width, y + from, width);
      }
    }

    private void gate(Chunk chunk, long source, long f, long target) {
      for (int i = 0; i < chunk.rows(); i++) {
        long at = 4L * i * width;
        ResidualGate.forward(
            source + at, gateRow(parameters.gate(), chunk, i), f + at, target + at, width);
      }
    }
  }

  /** The gate of a chunk's row. */
  private static long gateRow(ImageRows gate, Chunk chunk, int row) {
    return gate.row(chunk.firstImage() + row / chunk.rowsEach());
  }

  /** Working memory of a backward pass: for the gradients of weight, bias and gate. */
  record Work(long weight, long bias, long gate) {}

  Work work(Parts parts) {
    return new Work(
        parts.bytes(weightGradient.bytes()), bias.room(parts), gated ? gateSums.room(parts) : 0);
  }

  /**
   * A backward pass; asked for before the work is shared out.
   *
   * @param kept what a forward pass kept
   */
  Backward backward(
      ImageRows gate, long kept, long yGradient, Work work, BlockGradients gradients) {
    return new Backward(gate, kept, yGradient, work, gradients, weight.forBackward());
  }

  final class Backward {

    private final ImageRows gate;
    private final long kept;
    private final long yGradient;
    private final Work work;
    private final BlockGradients gradients;
    private final long form;

    private Backward(
        ImageRows gate, long kept, long yGradient, Work work, BlockGradients gradients, long form) {
      this.gate = gate;
      this.kept = kept;
      this.yGradient = yGradient;
      this.work = work;
      this.gradients = gradients;
      this.form = form;
    }

    /** The gradient of a chunk's f, {@code [rows, width]}, and its share of the gate's. */
    long rows(Chunk chunk, Scratch scratch) {
      long from = 4L * chunk.firstRow() * width;
      if (!gated) {
        return yGradient + from;
      }
      long target = weightGradient.dyRoom(work.weight, chunk, scratch);
      for (int i = 0; i < chunk.imageCount(); i++) {
        Memory.zero(gateSums.place(work.gate, chunk, i), 4L * width);
      }
      for (int i = 0; i < chunk.rows(); i++) {
        long at = 4L * i * width;
        long sums = gateSums.place(work.gate, chunk, i / chunk.rowsEach());
        ResidualGate.backward(
            gateRow(gate, chunk, i),
            kept + from + at,
            yGradient + from + at,
            target + at,
            sums,
            width);
      }
      return target;
    }

    /** The gradient of a chunk's inner rows, to {@code target}. */
    void multiply(Chunk chunk, long rows, long target, Scratch scratch) {
      long left = Operand.left(weight.bfloat16(), rows, chunk.rows(), width, scratch);
      weight.backward(form, chunk.rows(), left, 0, inner, target, inner);
    }

    /** Where to make a chunk's inner rows again. */
    long room(Chunk chunk, Scratch scratch) {
      return weightGradient.xRoom(work.weight, chunk, scratch);
    }

    /** Adds a chunk to the gradients of weight and bias. */
    void add(Chunk chunk, long rows, long innerRows, Scratch scratch) {
      bias.add(gradients.outBias(), work.bias, chunk, rows);
      weightGradient.add(work.weight, chunk, rows, innerRows, scratch);
    }

    /**
     * Sums what the chunks gave.
     *
     * @param innerRows those of the batch where they lie in memory anyway; 0 if in rooms
     */
    void finish(long innerRows) {
      bias.finish(gradients.outBias(), work.bias);
      if (gated) {
        gateSums.reduce(work.gate, true, gradients.gate());
      }
      weightGradient.finish(work.weight, gated ? 0 : yGradient, innerRows, gradients.outWeight());
    }
  }
}
