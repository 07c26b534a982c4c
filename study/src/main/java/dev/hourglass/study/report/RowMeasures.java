package dev.hourglass.study.report;

import dev.hourglass.study.statistics.StudyTable;
import java.util.OptionalDouble;

/** What charts show metrics against. */
final class RowMeasures {

  private static final double GIGA = 1e9;
  private static final double SECONDS_A_MINUTE = 60;

  private RowMeasures() {}

  static OptionalDouble gmac(StudyTable.Row row) {
    return row.any().stream().mapToDouble(result -> result.macs() / GIGA).findFirst();
  }

  static OptionalDouble minutes(StudyTable.Row row) {
    return RowCost.trainingSeconds(row).stream()
        .map(seconds -> seconds / SECONDS_A_MINUTE)
        .findFirst();
  }
}
