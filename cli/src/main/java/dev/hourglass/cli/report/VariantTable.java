package dev.hourglass.cli.report;

import dev.hourglass.bench.BenchResult;
import dev.hourglass.bench.Variants;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * What variants of a block cost in time, by the multiply-accumulates they have, against the paper's
 * block.
 *
 * @param results of variants
 */
public record VariantTable(List<BenchResult> results) {

  private static final List<String> HEADER =
      List.of("variant", "pass", "kernels", "precision", "GMACs", "ms/GMAC", "of the paper's");

  /** The variants among the results of all cases. */
  public static VariantTable among(List<BenchResult> results) {
    return new VariantTable(
        results.stream().filter(r -> r.caseName().startsWith(Variants.SERIES + "-")).toList());
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return results.isEmpty();
  }

  /** Prints a line for each result of a variant. */
  public void print(PrintWriter out) {
    TextTable table = new TextTable(HEADER);
    for (BenchResult result : results) {
      table.add(
          List.of(
              result.caseName().substring(Variants.SERIES.length() + 1),
              name(result.pass()),
              result.kernels(),
              name(result.precision()),
              "%.3f".formatted(result.macs() / 1e9),
              "%.2f".formatted(1e3 * result.secondsPerGigaMac()),
              "%.2f".formatted(result.ofBase().orElse(1))));
    }
    table.print(out);
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
