package dev.hourglass.cli.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Columns as wide as their widest cell: the first to the left, the others to the right. */
public final class TextTable {

  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  /** A table without rows. */
  public TextTable(List<String> header) {
    add(header);
    addLine();
  }

  /** Adds a row of as many cells as the header has. */
  public void add(List<String> cells) {
    rows.add(List.copyOf(cells));
  }

  /** A rule across the table. */
  public void addLine() {
    rows.add(List.of());
  }

  /** Prints it. */
  public void print(PrintWriter out) {
    List<Integer> widths =
        IntStream.range(0, rows.getFirst().size()).mapToObj(this::columnWidth).toList();
    int total = widths.stream().mapToInt(width -> width + GAP.length()).sum() - GAP.length();
    rows.forEach(row -> out.println(row.isEmpty() ? "-".repeat(total) : line(row, widths)));
  }

  private int columnWidth(int column) {
    return rows.stream()
        .filter(row -> !row.isEmpty())
        .mapToInt(row -> row.get(column).length())
        .max()
        .orElseThrow();
  }

  private static String line(List<String> row, List<Integer> widths) {
    return IntStream.range(0, row.size())
        .mapToObj(
            i -> {
              String pad = " ".repeat(widths.get(i) - row.get(i).length());
              return i == 0 ? row.get(i) + pad : pad + row.get(i);
            })
        .collect(Collectors.joining(GAP));
  }
}
