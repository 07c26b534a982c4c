package dev.hourglass.ops;

import dev.hourglass.core.InputException;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.ops.vector.VectorOps;
import dev.hourglass.tensor.Torch;
import java.util.Locale;

/** Who computes the operations of the model. */
public enum Kernels {
  /** {@link #VECTOR} if Java was started with the Vector API, else {@link #REFERENCE}. */
  AUTO,
  /** Our own kernels for the CPU, with whole blocks fused. */
  VECTOR,
  /** Compositions of libtorch's operations. */
  REFERENCE;

  private static final String MODULE = "jdk.incubator.vector";

  public static Kernels parse(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "auto" -> AUTO;
      case "vector" -> VECTOR;
      case "reference" -> REFERENCE;
      default ->
          throw new InputException(
              "Unknown kernels '%s'; choose auto, vector or reference.".formatted(name));
    };
  }

  private static boolean hasVectorApi() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  /** What {@link #AUTO} means in this process; the others are themselves. */
  public Kernels resolved() {
    if (this != AUTO) {
      return this;
    }
    return hasVectorApi() ? VECTOR : REFERENCE;
  }

  /**
   * The provider of this choice. With our own kernels, libtorch's few remaining operations are
   * small, and its threads would only take the cores from ours: it gets one, in the whole process.
   *
   * @throws InputException if our own kernels are asked for and Java runs without the Vector API
   */
  public Ops ops(Precision precision) {
    if (this == VECTOR && !hasVectorApi()) {
      throw new InputException(
          "The vector kernels need the JDK's Vector API; start Java with --add-modules %s."
              .formatted(MODULE));
    }
    if (resolved() == REFERENCE) {
      return new ReferenceOps(precision.resolved());
    }
    Torch.setThreads(1);
    return new VectorOps(precision.resolved());
  }

  /** One line for the log: who computes, with what, and why. */
  public String describe(Ops ops, int threads) {
    String why =
        this == AUTO && !hasVectorApi()
            ? "; start Java with --add-modules %s for the fast ones".formatted(MODULE)
            : this == AUTO ? "; chosen since Java has its Vector API" : "; as asked";
    return "Kernels: %s, %d threads%s.".formatted(ops.name(), threads, why);
  }

  /** Sets how many threads compute, in the whole process. */
  public void setThreads(int threads) {
    if (resolved() == VECTOR) {
      Workers.setThreads(threads);
      Torch.setThreads(1);
    } else {
      Torch.setThreads(threads);
    }
  }
}
