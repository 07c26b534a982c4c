package dev.hourglass.kernels.product;

import dev.hourglass.kernels.KernelActivity;
import dev.hourglass.kernels.machine.NativeLibraries;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Matrix products on one thread: {@code C = A B} or {@code C += A B}, row-major, C in float32.
 *
 * <p>The fast ones are oneDNN's, which libtorch_cpu exports under an internal C++ name; they
 * compile themselves for each shape. Where that name is not found, OpenBLAS computes the same in
 * float32.
 *
 * <p>Operands in bfloat16: A is rows of bfloat16; B is <em>row pairs</em>, {@code [k/2][ldb][2]}:
 * the two numbers that a lane multiplies at once lie side by side ({@link Bfloat16}).
 */
@KernelActivity(KernelActivity.Kind.PRODUCTS)
public final class Gemm {

  /** Forces the general path for tests: {@code -Dhourglass.kernels.path=general}. */
  private static final boolean GENERAL =
      "general".equals(System.getProperty("hourglass.kernels.path"));

  private static final String FLOATS = "_ZN2at6native7cpublas6brgemmEllllllbPKfS3_Pfb";
  private static final String BFLOATS =
      "_ZN2at6native7cpublas6brgemmEllllllbPKN3c108BFloat16ES5_Pfb";

  private static final MethodHandle FLOAT_PRODUCT;
  private static final MethodHandle BFLOAT_PRODUCT;
  private static final MethodHandle SGEMM;
  private static final boolean FAST_FLOATS;
  private static final boolean FAST_BFLOATS;

  static {
    NativeLibraries.load();
    Optional<MemorySegment> floats =
        GENERAL ? Optional.empty() : NativeLibraries.torchFunction(FLOATS);
    Optional<MemorySegment> bfloats =
        GENERAL || !Bfloat16Instructions.areUsed()
            ? Optional.empty()
            : NativeLibraries.torchFunction(BFLOATS);
    FLOAT_PRODUCT = floats.map(Gemm::brgemm).orElse(null);
    BFLOAT_PRODUCT = bfloats.map(Gemm::brgemm).orElse(null);
    SGEMM = sgemm();
    FAST_FLOATS = FLOAT_PRODUCT != null;
    FAST_BFLOATS = BFLOAT_PRODUCT != null;
  }

  private Gemm() {}

  /** Whether products in bfloat16 run in the processor's own instructions. */
  public static boolean hasFastBfloat16() {
    return FAST_BFLOATS;
  }

  /** What computes products here, for the log. */
  public static String description() {
    return FAST_BFLOATS
        ? "oneDNN, float32 and bfloat16"
        : FAST_FLOATS ? "oneDNN, float32" : "OpenBLAS, float32";
  }

  /**
   * {@code C[m, n] (+)= A[m, k] B[k, n]}.
   *
   * @param add whether to add to what C holds
   * @param lda floats from one row of A to the next; likewise ldb, ldc
   */
  public static void floats(
      boolean add, int m, int n, int k, long a, int lda, long b, int ldb, long c, int ldc) {
    try {
      if (FAST_FLOATS) {
        FLOAT_PRODUCT.invokeExact(
            (long) m, (long) n, (long) k, (long) lda, (long) ldb, (long) ldc, add, a, b, c, false);
      } else {
        SGEMM.invokeExact(101, 111, 111, m, n, k, 1f, a, lda, b, ldb, add ? 1f : 0f, c, ldc);
      }
    } catch (Throwable t) {
      throw new IllegalStateException("matrix product", t);
    }
  }

  /**
   * The same of bfloat16 operands, summed in float32.
   *
   * @param k even
   * @param lda numbers from one row of A to the next
   * @param ldb numbers from one row of B to the next; a row pair takes twice that
   */
  public static void bfloats(
      boolean add, int m, int n, int k, long a, int lda, long b, int ldb, long c, int ldc) {
    if (!FAST_BFLOATS) {
      Bfloat16Gemm.multiply(add, m, n, k, a, lda, b, ldb, c, ldc);
      return;
    }
    try {
      BFLOAT_PRODUCT.invokeExact(
          (long) m, (long) n, (long) k, (long) lda, (long) ldb, (long) ldc, add, a, b, c, true);
    } catch (Throwable t) {
      throw new IllegalStateException("matrix product", t);
    }
  }

  /** {@code (m, n, k, lda, ldb, ldc, add, a, b, c, rowPairs)}. */
  private static MethodHandle brgemm(MemorySegment function) {
    var l = ValueLayout.JAVA_LONG;
    var z = ValueLayout.JAVA_BOOLEAN;
    return Linker.nativeLinker()
        .downcallHandle(function, FunctionDescriptor.ofVoid(l, l, l, l, l, l, z, l, l, l, z));
  }

  /** CBLAS: {@code (order, transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc)}. */
  private static MethodHandle sgemm() {
    var i = ValueLayout.JAVA_INT;
    var f = ValueLayout.JAVA_FLOAT;
    var l = ValueLayout.JAVA_LONG;
    return Linker.nativeLinker()
        .downcallHandle(
            NativeLibraries.openblasFunction("cblas_sgemm"),
            FunctionDescriptor.ofVoid(i, i, i, i, i, i, f, l, i, l, i, f, l, i));
  }
}
