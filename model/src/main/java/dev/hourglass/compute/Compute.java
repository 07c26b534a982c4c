package dev.hourglass.compute;

import dev.hourglass.core.InputException;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.Precision;
import dev.hourglass.ops.ReferenceOps;
import dev.hourglass.ops.vector.VectorOps;
import dev.hourglass.tensor.Torch;

/**
 * Who computes, and in which number format.
 *
 * @param precision of matrix products
 */
public record Compute(Kernels kernels, Precision precision) {

  /** The fastest that the machine has. */
  public static final Compute AUTO = new Compute(Kernels.AUTO, Precision.AUTO);

  /** Whether our own kernels compute, so that work may be fused for them elsewhere, too. */
  public boolean fused() {
    return kernels.resolved() == Kernels.VECTOR;
  }

  /**
   * The provider of this choice. With our own kernels, libtorch's few remaining operations are
   * small, and its threads would only take the cores from ours: it gets one, in the whole process.
   *
   * @throws InputException if our own kernels are asked for and Java runs without the Vector API
   */
  public Ops ops() {
    if (!fused()) {
      return new ReferenceOps(precision.resolved());
    }
    if (!Kernels.hasVectorApi()) {
      throw new InputException(
          "The vector kernels need the JDK's Vector API; start Java with --add-modules %s."
              .formatted(Kernels.MODULE));
    }
    Torch.setThreads(1);
    return new VectorOps(precision.resolved());
  }

  /** One line for the log: who computes, with what, and why. */
  public String describe(Ops ops, int threads) {
    return "Kernels: %s, %d threads%s.".formatted(ops.name(), threads, why());
  }

  private String why() {
    if (kernels != Kernels.AUTO) {
      return "; as asked";
    }
    return Kernels.hasVectorApi()
        ? "; chosen since Java has its Vector API"
        : "; start Java with --add-modules %s for the fast ones".formatted(Kernels.MODULE);
  }
}
