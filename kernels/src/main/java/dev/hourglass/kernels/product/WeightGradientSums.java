package dev.hourglass.kernels.product;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.TokenChunks;
import dev.hourglass.kernels.parallel.TokenChunks.Chunk;
import dev.hourglass.kernels.parallel.Workers;

/**
 * The gradient of a small weight, summed while a chunk's rows are in the cache: they need not go to
 * memory. Each group of chunks ({@link TokenChunks#groups}) has a sum of its own, and one worker
 * adds to it in the order of the chunks ({@link TokenChunks#eachInGroups}); so the order is fixed.
 *
 * <p>The narrower side's rows are transposed for the product, so a sum is dW or its transpose.
 */
public final class WeightGradientSums implements WeightGradient {

  /** Sums of all weights of a block within this many floats stay in an L2 cache of 1 MiB. */
  private static final int CACHED_FLOATS = 1 << 18;

  /** Columns of one product. */
  private static final int PANEL = 384;

  private final TokenChunks chunks;
  private final int out;
  private final int in;
  private final boolean bfloat16;

  /** The sums of one weight, over the chunks of a batch. */
  public WeightGradientSums(TokenChunks chunks, Weight weight) {
    this.chunks = chunks;
    this.out = weight.out();
    this.in = weight.in();
    this.bfloat16 = weight.bfloat16();
  }

  /** Whether sums of these weights stay in the cache, and take less memory than the rows would. */
  public static boolean suit(TokenChunks chunks, Weight a, Weight b) {
    long weights = (long) a.out() * a.in() + (long) b.out() * b.in();
    long columns = (long) a.out() + a.in() + b.out() + b.in();
    return weights <= CACHED_FLOATS && chunks.groups() * weights <= chunks.rows() * columns;
  }

  private long sumBytes() {
    return 4L * out * in;
  }

  /** Bytes of all groups' sums. */
  @Override
  public long bytes() {
    return chunks.groups() * sumBytes();
  }

  @Override
  public long dyRoom(long work, Chunk chunk, Scratch scratch) {
    return scratch.floats((long) chunk.rows() * out);
  }

  @Override
  public long xRoom(long work, Chunk chunk, Scratch scratch) {
    return scratch.floats((long) chunk.rows() * in);
  }

  /** A group's first chunk overwrites its sum. */
  @Override
  public void add(long sums, Chunk chunk, long dy, long x, Scratch scratch) {
    int rows = chunk.rows();
    int group = chunks.group(chunk);
    boolean first = chunks.groupStart(group) == chunk.index();
    int narrow = Math.min(out, in);
    int wide = Math.max(out, in);
    long narrowRows = out > in ? x : dy;
    long wideRows = out > in ? dy : x;
    long sum = sums + group * sumBytes(); // [narrow, wide]
    int k = bfloat16 ? (rows + 1) / 2 * 2 : rows;
    long left; // [narrow, k]
    long right; // [k, wide], or in row pairs
    if (bfloat16) {
      left = scratch.bytes(2L * narrow * k);
      long pairs = Operand.pairs(narrowRows, rows, narrow, scratch);
      // Pairs of rows transposed as 32-bit numbers are rows of the transpose.
      Transpose.transpose(pairs, 4L * narrow, k / 2, narrow, left, 2L * k);
      right = Operand.pairs(wideRows, rows, wide, scratch);
    } else {
      left = scratch.floats((long) narrow * k);
      Transpose.transpose(narrowRows, 4L * narrow, k, narrow, left, 4L * k);
      right = wideRows;
    }
    for (int j = 0; j < wide; j += PANEL) {
      int n = Math.min(PANEL, wide - j);
      if (bfloat16) {
        Gemm.bfloats(!first, narrow, n, k, left, k, right + 4L * j, wide, sum + 4L * j, wide);
      } else {
        Gemm.floats(!first, narrow, n, k, left, k, right + 4L * j, wide, sum + 4L * j, wide);
      }
    }
  }

  /** Adds up the groups' sums, which are no longer valid. */
  @Override
  public void finish(long sums, long dy, long x, long target) {
    int groups = chunks.groups();
    int narrow = Math.min(out, in);
    int wide = Math.max(out, in);
    int rowsEach = 16;
    Workers.shared()
        .run(
            (narrow + rowsEach - 1) / rowsEach,
            (item, scratch) -> {
              int first = item * rowsEach;
              int rows = Math.min(rowsEach, narrow - first);
              long place = 4L * first * wide;
              for (int group = 1; group < groups; group++) {
                Sums.add(sums + place, sums + group * sumBytes() + place, rows * wide);
              }
              if (out > in) {
                Transpose.transpose(
                    sums + place, 4L * wide, rows, wide, target + 4L * first, 4L * in);
              } else {
                Memory.copy(sums + place, target + place, 4L * rows * wide);
              }
            });
  }
}
