package dev.hourglass.cli;

import dev.hourglass.InputException;
import dev.hourglass.ops.Precision;
import dev.hourglass.tensor.Torch;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Options of all commands that compute with a model. */
final class ComputeOptions {

  @Option(
      names = "--precision",
      paramLabel = "fp32|bf16",
      defaultValue = "fp32",
      description =
          "Number format of matrix products; weights stay fp32 (default: ${DEFAULT-VALUE}).")
  Precision precision;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads of one operation; results may depend on it in the last bits (default: all"
              + " cores).")
  Integer threads;

  /** Sets libtorch up. */
  void apply() {
    if (threads == null) {
      return;
    }
    if (threads < 1) {
      throw new InputException("--threads must be at least 1, not %d.".formatted(threads));
    }
    Torch.setThreads(threads);
  }

  /** As the user writes it. */
  String precisionName() {
    return precision.name().toLowerCase(Locale.ROOT);
  }
}
