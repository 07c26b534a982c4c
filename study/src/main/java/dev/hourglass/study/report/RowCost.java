package dev.hourglass.study.report;

import dev.hourglass.study.result.CellResult;
import dev.hourglass.study.statistics.StudyTable;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What the cells of a variant cost: means over those that did not fail. */
final class RowCost {

  private RowCost() {}

  static OptionalDouble imagesPerSecond(StudyTable.Row row) {
    return mean(row, CellResult::imagesPerSecond);
  }

  static OptionalDouble trainingSeconds(StudyTable.Row row) {
    return mean(row, CellResult::trainingSeconds);
  }

  /** The largest, since the memory must be there. */
  static OptionalDouble peakMemoryBytes(StudyTable.Row row) {
    return finished(row)
        .flatMapToLong(result -> result.peakMemoryBytes().stream())
        .asDoubleStream()
        .max();
  }

  private static OptionalDouble mean(StudyTable.Row row, ToDoubleFunction<CellResult> of) {
    return finished(row).mapToDouble(of).average();
  }

  private static Stream<CellResult> finished(StudyTable.Row row) {
    return row.results().values().stream().filter(result -> result.failure().isEmpty());
  }
}
