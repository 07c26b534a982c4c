package dev.hourglass.study.report;

import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.study.plan.Metric;
import dev.hourglass.study.result.CellResult;
import dev.hourglass.study.statistics.PairedDifference;
import dev.hourglass.study.statistics.StudyTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** The table as CSV (RFC 4180), numbers in full; what is not known is empty. */
public final class CsvReport {

  private static final List<String> METRIC_COLUMNS =
      List.of(
          "n",
          "mean",
          "standard_deviation",
          "difference",
          "difference_low",
          "difference_high",
          "p",
          "p_holm",
          "significant");

  private CsvReport() {}

  /** Writes it. */
  public static void write(Path file, StudyTable table) {
    List<String> lines = new ArrayList<>();
    lines.add(header(table));
    table.rows().forEach(row -> lines.add(line(table, row)));
    AtomicFiles.writeString(file, String.join("\n", lines) + "\n");
  }

  private static String header(StudyTable table) {
    List<String> columns =
        new ArrayList<>(
            List.of(
                "variant",
                "cells",
                "done",
                "failed",
                "steps",
                "parameters",
                "macs",
                "images_per_second",
                "peak_memory_bytes",
                "training_seconds"));
    for (Metric metric : table.study().metrics()) {
      METRIC_COLUMNS.forEach(column -> columns.add(metric.jsonName() + "_" + column));
    }
    return String.join(",", columns);
  }

  private static String line(StudyTable table, StudyTable.Row row) {
    List<String> cells = new ArrayList<>();
    long failed = row.results().values().stream().filter(r -> r.failure().isPresent()).count();
    cells.add(quoted(row.variant().name()));
    cells.add(Integer.toString(row.cells()));
    cells.add(Integer.toString(row.results().size()));
    cells.add(Long.toString(failed));
    Optional<CellResult> any = row.any();
    cells.add(any.map(result -> Long.toString(result.steps())).orElse(""));
    cells.add(any.map(result -> Long.toString(result.parameters())).orElse(""));
    cells.add(any.map(result -> Long.toString(result.macs())).orElse(""));
    cells.add(text(RowCost.imagesPerSecond(row)));
    cells.add(text(RowCost.peakMemoryBytes(row)));
    cells.add(text(RowCost.trainingSeconds(row)));
    for (Metric metric : table.study().metrics()) {
      cells.addAll(metric(Optional.ofNullable(row.metrics().get(metric))));
    }
    return String.join(",", cells);
  }

  private static List<String> metric(Optional<StudyTable.Value> known) {
    if (known.isEmpty()) {
      return METRIC_COLUMNS.stream().map(column -> "").toList();
    }
    StudyTable.Value value = known.get();
    Optional<PairedDifference> difference = value.difference();
    Optional<PairedDifference.Test> test = difference.flatMap(PairedDifference::test);
    return List.of(
        Integer.toString(value.summary().n()),
        Double.toString(value.summary().mean()),
        text(value.summary().deviation()),
        difference.map(d -> Double.toString(d.mean())).orElse(""),
        test.map(t -> Double.toString(t.low())).orElse(""),
        test.map(t -> Double.toString(t.high())).orElse(""),
        test.map(t -> Double.toString(t.p())).orElse(""),
        text(value.corrected()),
        test.map(t -> value.significant() ? "yes" : "no").orElse(""));
  }

  private static String text(OptionalDouble value) {
    return value.stream().mapToObj(Double::toString).collect(Collectors.joining());
  }

  private static String quoted(String text) {
    return text.matches("[^\",\\r\\n]*") ? text : "\"" + text.replace("\"", "\"\"") + "\"";
  }
}
