package dev.hourglass.kernels.product;

import dev.hourglass.kernels.KernelActivity;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.Workers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A weight matrix {@code W [out, in]} in the forms that products want: {@code W^T} for {@code x
 * W^T}, and {@code W} for the gradient of x; in bfloat16 as row pairs ({@link Bfloat16}).
 *
 * <p>A form is a row of panels of {@value #PANEL} columns, each dense. In rows of the whole width,
 * a product would read short pieces kilobytes apart: they fall into few sets of the cache, and the
 * processor does not fetch them ahead.
 *
 * <p>Forms are made when first asked for, and again after {@link #update}.
 */
@KernelActivity(KernelActivity.Kind.MEMORY)
public final class Weight {

  /** Columns of a panel. */
  private static final int PANEL = 64;

  /** Summed length of one product: what it reads again and again stays in the cache. */
  private static final int DEPTH = 512;

  private final int out;
  private final int in;
  private final boolean bfloat16;
  private long values;
  private MemorySegment transposed = MemorySegment.NULL;
  private MemorySegment panels = MemorySegment.NULL;
  private boolean transposedIsFresh;
  private boolean panelsAreFresh;

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
    panelsAreFresh = false;
  }

  /** {@code W^T} in panels: {@code [in, PANEL]}, or {@code [in/2, PANEL, 2]} in bfloat16. */
  public long forForward() {
    if (!transposedIsFresh) {
      transposed = room(transposed);
      Workers.shared()
          .run(
              panels(out),
              (panel, scratch) -> transposePanel(panel, transposed.address(), scratch));
      transposedIsFresh = true;
    }
    return transposed.address();
  }

  /** {@code W} in panels: {@code [out, PANEL]}, or {@code [out/2, PANEL, 2]} in bfloat16. */
  public long forBackward() {
    if (!panelsAreFresh) {
      panels = room(panels);
      Workers.shared().run(panels(in), (panel, scratch) -> copyPanel(panel, panels.address()));
      panelsAreFresh = true;
    }
    return panels.address();
  }

  private MemorySegment room(MemorySegment before) {
    long bytes = (long) out * in * (bfloat16 ? 2 : 4);
    return before.byteSize() == bytes ? before : Arena.ofAuto().allocate(bytes, 64);
  }

  private static int panels(int columns) {
    return (columns + PANEL - 1) / PANEL;
  }

  private static int panelWidth(int panel, int columns) {
    return Math.min(PANEL, columns - panel * PANEL);
  }

  /** Where a panel of a form of so many rows begins. */
  private long panelStart(long form, int panel, int depth) {
    return form + (bfloat16 ? 2L : 4L) * panel * PANEL * depth;
  }

  private void transposePanel(int panel, long form, Scratch scratch) {
    int width = panelWidth(panel, out);
    long source = values + 4L * panel * PANEL * in;
    long target = panelStart(form, panel, in);
    if (bfloat16) {
      long narrow = scratch.bytes(2L * width * in);
      Bfloat16.narrow(source, narrow, width * in);
      Transpose.transpose(narrow, 2L * in, width, in / 2, target, 4L * width);
    } else {
      Transpose.transpose(source, 4L * in, width, in, target, 4L * width);
    }
  }

  private void copyPanel(int panel, long form) {
    int width = panelWidth(panel, in);
    long source = values + 4L * panel * PANEL;
    long target = panelStart(form, panel, out);
    for (int i = 0; i < out; i += bfloat16 ? 2 : 1) {
      long row = source + 4L * i * in;
      if (bfloat16) {
        Bfloat16.pair(row, row + 4L * in, target + 2L * i * width, width);
      } else {
        Memory.copy(row, target + 4L * i * width, 4L * width);
      }
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
    multiply(add, rows, x, in, forForward, out, from, columns, y, ldy);
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
    multiply(false, rows, dy, out, forBackward, in, from, columns, dx, ldx);
  }

  /** A product with columns of a form, {@code [depth, width]}, in parts that suit the cache. */
  private void multiply(
      boolean add,
      int m,
      long x,
      int depth,
      long form,
      int width,
      int from,
      int columns,
      long y,
      int ldy) {
    int end = from + columns;
    for (int j = from; j < end; ) {
      int panel = j / PANEL;
      int inside = j % PANEL;
      int ld = panelWidth(panel, width);
      int n = Math.min(ld - inside, end - j);
      long right = panelStart(form, panel, depth) + 4L * inside;
      long target = y + 4L * (j - from);
      for (int i = 0; i < depth; i += DEPTH) {
        boolean sum = add || i > 0;
        int k = Math.min(DEPTH, depth - i);
        if (bfloat16) {
          Gemm.bfloats(sum, m, n, k, x + 2L * i, depth, right + 2L * i * ld, ld, target, ldy);
        } else {
          Gemm.floats(sum, m, n, k, x + 4L * i, depth, right + 4L * i * ld, ld, target, ldy);
        }
      }
      j += n;
    }
  }
}
