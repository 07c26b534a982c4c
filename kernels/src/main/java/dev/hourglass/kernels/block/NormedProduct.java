package dev.hourglass.kernels.block;

import dev.hourglass.kernels.memory.Parts;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.norm.TokenNorm;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.product.Bias;
import dev.hourglass.kernels.product.Operand;
import dev.hourglass.kernels.product.Weight;
import dev.hourglass.kernels.product.WeightGradient;

/** How every block begins: {@code norm(x) W^T + b}, chunk by chunk. */
final class NormedProduct {

  private final TokenChunks chunks;
  private final Weight weight;
  private final WeightGradient weightGradient;
  private final Bias bias;
  private final int width;

  /** Of x {@code [images, tokens, weight.in()]}. */
  NormedProduct(TokenChunks chunks, Weight weight, WeightGradient weightGradient) {
    this.chunks = chunks;
    this.weight = weight;
    this.weightGradient = weightGradient;
    this.bias = new Bias(chunks, weight.out());
    this.width = weight.in();
  }

  /** A forward pass over x; asked for before the work is shared out. */
  Forward forward(long x, BlockParameters parameters) {
    return new Forward(x, parameters.norm(), parameters.inBias(), weight.forForward());
  }

  final class Forward {

    private final long x;
    private final TokenNorm norm;
    private final long biases;
    private final long form;

    private Forward(long x, TokenNorm norm, long biases, long form) {
      this.x = x;
      this.norm = norm;
      this.biases = biases;
      this.form = form;
    }

    /** A chunk's normed rows, as an operand of {@link #multiply}. */
    long operand(Chunk chunk, Scratch scratch) {
      int rows = chunk.rows();
      long normed = scratch.floats((long) rows * width);
      norm.normalise(chunk, x + 4L * chunk.firstRow() * width, normed, width);
      return Operand.left(weight.bfloat16(), normed, rows, width, scratch);
    }

    /** Columns {@code [from, from + columns)} of the product to rows of {@code ldy} floats. */
    void multiply(Chunk chunk, long operand, int from, int columns, long y, int ldy) {
      boolean add = Bias.put(biases, from, columns, chunk.rows(), y, ldy);
      weight.forward(form, add, chunk.rows(), operand, from, columns, y, ldy);
    }
  }

  /** Working memory of a backward pass: for the gradients of weight, norm and bias. */
  record Work(long weight, TokenNorm.Partials norm, long bias) {}

  Work work(Parts parts) {
    return new Work(
        parts.bytes(weightGradient.bytes()),
        TokenNorm.Partials.of(parts, chunks, width),
        bias.room(parts));
  }

  /**
   * A backward pass; asked for before the work is shared out.
   *
   * @param yGradient of the block's result, which the residual passes on to x
   */
  Backward backward(long x, TokenNorm norm, long yGradient, Work work, BlockGradients gradients) {
    return new Backward(x, norm, yGradient, work, gradients, weight.forBackward());
  }

  final class Backward {

    private final long x;
    private final TokenNorm norm;
    private final long yGradient;
    private final Work work;
    private final BlockGradients gradients;
    private final long form;

    private Backward(
        long x, TokenNorm norm, long yGradient, Work work, BlockGradients gradients, long form) {
      this.x = x;
      this.norm = norm;
      this.yGradient = yGradient;
      this.work = work;
      this.gradients = gradients;
      this.form = form;
    }

    /** Where to make the gradient of a chunk's product, {@code [rows, weight.out()]}. */
    long room(Chunk chunk, Scratch scratch) {
      return weightGradient.dyRoom(work.weight, chunk, scratch);
    }

    /** From that gradient to all others of the chunk. */
    void add(Chunk chunk, long product, Scratch scratch) {
      int rows = chunk.rows();
      long from = 4L * chunk.firstRow() * width;
      long left = Operand.left(weight.bfloat16(), product, rows, weight.out(), scratch);
      long normedGradient = scratch.floats((long) rows * width);
      weight.backward(form, rows, left, 0, width, normedGradient, width);
      long normed = weightGradient.xRoom(work.weight, chunk, scratch);
      norm.normalise(chunk, x + from, normed, width);
      norm.backward(
          chunk,
          x + from,
          normedGradient,
          yGradient + from,
          gradients.x() + from,
          work.norm,
          width);
      bias.add(gradients.inBias(), work.bias, chunk, product);
      weightGradient.add(work.weight, chunk, product, normed, scratch);
    }

    /** Sums what the chunks gave. */
    void finish() {
      norm.reduce(work.norm, gradients.norm());
      bias.finish(gradients.inBias(), work.bias);
      weightGradient.finish(work.weight, 0, 0, gradients.inWeight());
    }
  }
}
