package dev.hourglass.study.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.study.plan.Cell;
import dev.hourglass.study.plan.Metric;
import dev.hourglass.study.plan.Studies;
import dev.hourglass.study.plan.Study;
import dev.hourglass.study.result.CellResult;
import dev.hourglass.study.result.Results;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyTableTest {

  @TempDir Path folder;

  private StudyTable.Value wide(StudyTable table) {
    return table.rows().get(1).metrics().get(Metric.TRAIN_LOSS);
  }

  @Test
  void aConstantGainOnNoisySeedsIsSeenBecauseSeedsArePaired() {
    Study study = Studies.read(folder, Studies.STUDY);
    Map<Cell, CellResult> results = new HashMap<>();
    for (Cell cell : study.cells()) {
      double gain = cell.variant().equals("wide") ? 0.1 + 0.001 * cell.seed() : 0;
      results.put(cell, Results.of(study, cell, cell.seed() - gain));
    }
    StudyTable table = StudyTable.of(study, results);
    assertThat(wide(table).difference().orElseThrow().mean()).isCloseTo(-0.101, within(1e-12));
    assertThat(wide(table).significant()).isTrue();
    assertThat(table.best().orElseThrow().variant().name()).isEqualTo("wide");
    assertThat(table.done()).isEqualTo(6);
  }

  @Test
  void onlySeedsThatBothHaveAreCompared() {
    Study study = Studies.read(folder, Studies.STUDY);
    Map<Cell, CellResult> results = new HashMap<>();
    results.put(study.cell("base", 0), Results.of(study, study.cell("base", 0), 5));
    results.put(study.cell("base", 1), Results.failed(study, study.cell("base", 1), "NaN"));
    results.put(study.cell("wide", 0), Results.of(study, study.cell("wide", 0), 4));
    results.put(study.cell("wide", 1), Results.of(study, study.cell("wide", 1), 100));
    StudyTable table = StudyTable.of(study, results);
    assertThat(wide(table).summary().n()).isEqualTo(2);
    assertThat(wide(table).difference().orElseThrow().n()).isEqualTo(1);
    assertThat(wide(table).difference().orElseThrow().mean()).isEqualTo(-1);
    assertThat(wide(table).corrected()).isEqualTo(OptionalDouble.empty());
    assertThat(wide(table).significant()).isFalse();
  }

  @Test
  void withoutResultsThereIsNothingToCompare() {
    Study study = Studies.read(folder, Studies.STUDY);
    StudyTable table = StudyTable.of(study, Map.of());
    assertThat(table.rows()).hasSize(2).allSatisfy(row -> assertThat(row.metrics()).isEmpty());
    assertThat(table.best()).isEmpty();
  }
}
