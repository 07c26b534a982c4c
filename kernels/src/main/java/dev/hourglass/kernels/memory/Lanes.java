package dev.hourglass.kernels.memory;

import dev.hourglass.core.InputException;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vectors that kernels compute with: as wide as the machine has them, or narrower for tests
 * ({@code -Dhourglass.vector.bits=128}, 256 or 512).
 *
 * <p>Kernels call the Vector API directly, never through helpers: past its inlining budget the
 * compiler boxes every vector, silently, and a kernel becomes 5 to 80 times slower.
 */
public final class Lanes {

  /** Names the check of every vector access against the segment's bounds. */
  private static final String BOUNDS_CHECK = "jdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK";

  private static final String WIDTH = "hourglass.vector.bits";

  /** Vectors of floats. */
  public static final VectorSpecies<Float> FLOATS;

  /** As many ints. */
  public static final VectorSpecies<Integer> INTS;

  /** As many shorts as there are floats: for bfloat16. */
  public static final VectorSpecies<Short> HALVES;

  /** Floats in a vector. */
  public static final int COUNT;

  /** Bytes of a vector of floats. */
  public static final int BYTES;

  static {
    // Read by the first vector class, so it must be set before.
    if (System.getProperty(BOUNDS_CHECK) == null) {
      System.setProperty(BOUNDS_CHECK, "0");
    }
    VectorShape shape = shape();
    FLOATS = VectorSpecies.of(float.class, shape);
    INTS = VectorSpecies.of(int.class, shape);
    HALVES = VectorSpecies.of(short.class, VectorShape.forBitSize(shape.vectorBitSize() / 2));
    COUNT = FLOATS.length();
    BYTES = FLOATS.vectorByteSize();
  }

  private Lanes() {}

  private static VectorShape shape() {
    String bits = System.getProperty(WIDTH);
    if (bits != null) {
      return switch (bits) {
        case "128", "256", "512" -> VectorShape.forBitSize(Integer.parseInt(bits));
        default ->
            throw new InputException(
                "-D%s=%s is no width of vectors; give 128, 256 or 512.".formatted(WIDTH, bits));
      };
    }
    int preferred = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    return VectorShape.forBitSize(Math.clamp(preferred, 128, 512));
  }

  /** {@code n} rounded up to whole vectors. */
  public static int roundUp(int n) {
    return (n + COUNT - 1) / COUNT * COUNT;
  }
}
