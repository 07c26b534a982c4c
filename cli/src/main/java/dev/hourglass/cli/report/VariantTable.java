package dev.hourglass.cli.report;

import dev.hourglass.bench.BenchResult;
import dev.hourglass.bench.Variants;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What variants of a block cost in time, by the multiply-accumulates they have, against the paper's
 * block.
 *
 * @param results of all cases
 */
public record VariantTable(List<BenchResult> results) {

  private static final List<String> HEADER =
      List.of("variant", "pass", "kernels", "precision", "GMACs", "ms/GMAC", "of the paper's");

  /** Whether there is nothing to compare. */
  public boolean isEmpty() {
    return results.stream().noneMatch(result -> ofPaper(result).isPresent());
  }

  /**
   * The time for a multiply-accumulate over that of the paper's block, measured in the same way;
   * empty for other cases, or where that was not measured.
   */
  public OptionalDouble ofPaper(BenchResult result) {
    if (!result.caseName().startsWith(Variants.SERIES + "-")) {
      return OptionalDouble.empty();
    }
    return results.stream()
        .filter(paper -> paper.caseName().equals(Variants.PAPER))
        .filter(paper -> paper.kernels().equals(result.kernels()))
        .filter(paper -> paper.precision() == result.precision() && paper.pass() == result.pass())
        .filter(paper -> paper.batch() == result.batch())
        .mapToDouble(paper -> result.secondsPerGigaMac() / paper.secondsPerGigaMac())
        .findFirst();
  }

  /** Prints a line for each result of a variant. */
  public void print(PrintWriter out) {
    TextTable table = new TextTable(HEADER);
    for (BenchResult result : results) {
      ofPaper(result)
          .ifPresent(
              ratio ->
                  table.add(
                      List.of(
                          result.caseName().substring(Variants.SERIES.length() + 1),
                          name(result.pass()),
                          result.kernels(),
                          name(result.precision()),
                          "%.3f".formatted(result.macs() / 1e9),
                          "%.2f".formatted(1e3 * result.secondsPerGigaMac()),
                          "%.2f".formatted(ratio))));
    }
    table.print(out);
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
