package dev.hourglass.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A weight matrix {@code W [out, in]} in the forms that products want: {@code W^T} for {@code x
 * W^T}, and {@code W} for the gradient of x; in bfloat16 as row pairs ({@link Bfloat16}).
 *
 * <p>Forms are made when first asked for, and again after {@link #update}.
 */
public final class Weight {

  private static final int BLOCK = 64;

  /** Columns and depth of one product: what it reads again and again stays in the cache. */
  private static final int PANEL = 256;

  private static final int DEPTH = 512;

  private final int out;
  private final int in;
  private final boolean bfloat16;
  private long values;
  private MemorySegment transposed = MemorySegment.NULL;
  private MemorySegment pairs = MemorySegment.NULL;
  private boolean transposedIsFresh;
  private boolean pairsAreFresh;

  /**
   * A weight whose values are yet to come.
   *
   * @param bfloat16 whether products use it in bfloat16; then both sizes must be even
   */
  public Weight(int out, int in, boolean bfloat16) {
    if (bfloat16 && !fitsBfloat16(out, in)) {
      throw new IllegalArgumentException("no row pairs of %d x %d".formatted(out, in));
    }
    this.out = out;
    this.in = in;
    this.bfloat16 = bfloat16;
  }

  /** Whether both sizes allow row pairs. */
  public static boolean fitsBfloat16(int out, int in) {
    return out % 2 == 0 && in % 2 == 0;
  }

  public int out() {
    return out;
  }

  public int in() {
    return in;
  }

  /** Whether products with it are in bfloat16. */
  public boolean bfloat16() {
    return bfloat16;
  }

  /** New values, float32 {@code [out, in]}, which must stay in place while the weight is used. */
  public void update(long address) {
    values = address;
    transposedIsFresh = false;
    pairsAreFresh = false;
  }

  /** Bytes from one output's column to the next in {@link #forForward}; the same for inputs. */
  public int columnBytes() {
    return 4; // A float, or a pair of bfloat16.
  }

  /** {@code W^T}: {@code [in, out]}, or {@code [in/2, out, 2]} in bfloat16. */
  public long forForward() {
    if (!transposedIsFresh) {
      transposed = room(transposed);
      Workers.shared()
          .run(
              blocks(out),
              (block, scratch) -> transposeBlock(block, transposed.address(), scratch));
      transposedIsFresh = true;
    }
    return transposed.address();
  }

  /** {@code W}: {@code [out, in]}, or {@code [out/2, in, 2]} in bfloat16. */
  public long forBackward() {
    if (!bfloat16) {
      return values;
    }
    if (!pairsAreFresh) {
      pairs = room(pairs);
      Workers.shared().run(blocks(out), (block, scratch) -> pairBlock(block, pairs.address()));
      pairsAreFresh = true;
    }
    return pairs.address();
  }

  private MemorySegment room(MemorySegment before) {
    long bytes = (long) out * in * (bfloat16 ? 2 : 4);
    return before.byteSize() == bytes ? before : Arena.ofAuto().allocate(bytes, 64);
  }

  private static int blocks(int rows) {
    return (rows + BLOCK - 1) / BLOCK;
  }

  private void transposeBlock(int block, long target, Scratch scratch) {
    int first = block * BLOCK;
    int rows = Math.min(BLOCK, out - first);
    long source = values + 4L * first * in;
    if (bfloat16) {
      long narrow = scratch.bytes(2L * rows * in);
      Bfloat16.narrow(source, narrow, rows * in);
      Transpose.transpose(narrow, 2L * in, rows, in / 2, target + 4L * first, 4L * out);
    } else {
      Transpose.transpose(source, 4L * in, rows, in, target + 4L * first, 4L * out);
    }
  }

  private void pairBlock(int block, long target) {
    int first = block * BLOCK;
    int last = Math.min(first + BLOCK, out);
    for (int i = first; i < last; i += 2) {
      long row = values + 4L * i * in;
      Bfloat16.pair(row, row + 4L * in, target + 2L * i * in, in);
    }
  }

  /**
   * {@code y (+)= x W^T} for columns {@code [from, from + columns)} of y.
   *
   * @param forForward what {@link #forForward} said, asked before the work was shared out
   * @param x operand rows, {@code [rows, in]}, float32 or bfloat16, dense
   * @param y its column {@code from}: {@code [rows, columns]} of rows of {@code ldy} floats
   */
  public void forward(
      long forForward, boolean add, int rows, long x, int from, int columns, long y, int ldy) {
    multiply(add, rows, x, in, forForward + 4L * from, out, columns, y, ldy);
  }

  /**
   * {@code dx = dy W} for columns {@code [from, from + columns)} of dx.
   *
   * @param forBackward what {@link #forBackward} said, asked before the work was shared out
   * @param dy operand rows, {@code [rows, out]}, float32 or bfloat16, dense
   * @param dx its column {@code from}: {@code [rows, columns]} of rows of {@code ldx} floats
   */
  public void backward(
      long forBackward, int rows, long dy, int from, int columns, long dx, int ldx) {
    multiply(false, rows, dy, out, forBackward + 4L * from, in, columns, dx, ldx);
  }

  /** A product with columns of a form, {@code [depth, formWidth]}, in parts that suit the cache. */
  private void multiply(
      boolean add, int m, long x, int depth, long form, int formWidth, int n, long y, int ldy) {
    long each = bfloat16 ? 2 : 4;
    for (int j = 0; j < n; j += PANEL) {
      int columns = Math.min(PANEL, n - j);
      for (int i = 0; i < depth; i += DEPTH) {
        boolean sum = add || i > 0;
        int k = Math.min(DEPTH, depth - i);
        long left = x + each * i;
        long right = form + each * i * formWidth + 4L * j;
        if (bfloat16) {
          Gemm.bfloats(sum, m, columns, k, left, depth, right, formWidth, y + 4L * j, ldy);
        } else {
          Gemm.floats(sum, m, columns, k, left, depth, right, formWidth, y + 4L * j, ldy);
        }
      }
    }
  }
}
