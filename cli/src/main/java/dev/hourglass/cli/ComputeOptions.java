package dev.hourglass.cli;

import dev.hourglass.compute.Compute;
import dev.hourglass.compute.Kernels;
import dev.hourglass.compute.Threads;
import dev.hourglass.core.InputException;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.Precision;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Options of all commands that compute with a model. */
final class ComputeOptions {

  @Option(
      names = "--precision",
      paramLabel = "auto|fp32|bf16",
      defaultValue = "auto",
      description =
          "Number format of matrix products; weights stay fp32. auto is bf16 where the processor"
              + " computes in it (default: ${DEFAULT-VALUE}).")
  Precision precision;

  @Option(
      names = "--kernels",
      paramLabel = "auto|vector|reference",
      defaultValue = "auto",
      description =
          "Who computes: vector is our own kernels, reference libtorch's operations (default:"
              + " ${DEFAULT-VALUE}, which is vector).")
  Kernels kernels;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads that compute; without effect on results with --kernels vector (default: all"
              + " cores).")
  Integer threads;

  /** Sets the threads, and tells who computes. */
  Ops apply(PrintWriter out) {
    if (threads != null && threads < 1) {
      throw new InputException("--threads must be at least 1, not %d.".formatted(threads));
    }
    return tell(out, choice(), count());
  }

  /** Threads that compute. */
  int count() {
    return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
  }

  /** Sets the threads, and tells who computes, and what to know about it. */
  static Ops tell(PrintWriter out, Compute compute, int threads) {
    Threads.set(compute.kernels(), threads);
    Ops ops = compute.ops();
    out.println(compute.describe(ops, threads));
    compute.precision().warning().ifPresent(out::println);
    out.flush();
    return ops;
  }

  /** Who computes, as asked. */
  Compute choice() {
    return new Compute(kernels, precision);
  }

  /** As the user writes it, after auto was decided. */
  String precisionName() {
    return precision.resolved().name().toLowerCase(Locale.ROOT);
  }
}
