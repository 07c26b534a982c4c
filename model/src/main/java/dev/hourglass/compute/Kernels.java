package dev.hourglass.compute;

/** Who computes the operations of the model. */
public enum Kernels {
  /** {@link #VECTOR} if Java was started with the Vector API, else {@link #REFERENCE}. */
  AUTO,
  /** Our own kernels for the CPU, with whole blocks fused. */
  VECTOR,
  /** Compositions of libtorch's operations. */
  REFERENCE;

  /** The JDK's module that our own kernels need. */
  static final String MODULE = "jdk.incubator.vector";

  static boolean hasVectorApi() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  /** What {@link #AUTO} means in this process; the others are themselves. */
  public Kernels resolved() {
    if (this != AUTO) {
      return this;
    }
    return hasVectorApi() ? VECTOR : REFERENCE;
  }
}
