package dev.hourglass.study.result;

import dev.hourglass.json.JsonText;
import dev.hourglass.study.plan.Cell;
import dev.hourglass.study.plan.Study;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Made-up results of cells. */
public final class Results {

  private Results() {}

  /** A cell that went well. */
  public static CellResult of(Study study, Cell cell, double loss) {
    return of(study, cell, Optional.empty(), Map.of("train_loss", loss));
  }

  /** A cell whose loss stopped being a number. */
  public static CellResult failed(Study study, Cell cell, String why) {
    return of(study, cell, Optional.of(why), Map.of());
  }

  private static CellResult of(
      Study study, Cell cell, Optional<String> failure, Map<String, Double> metrics) {
    return new CellResult(
        study.name(),
        cell.variant(),
        cell.seed(),
        failure,
        cell.digest(),
        metrics,
        4,
        16,
        60,
        12_345,
        67_890_000,
        12.5,
        failure.isEmpty() ? OptionalLong.of(1 << 30) : OptionalLong.empty(),
        90,
        new Curve(List.of(1L, 2L, 3L, 4L), List.of(1.0, 0.5, 0.4, 0.3 + 0.01 * cell.seed())),
        new Curve(List.of(), List.of()),
        new Provenance(
            "Some <CPU>", 2, 2, "Linux 6", "25", "fp32", "0.1", "abcdef", "2026-01-02T03:04:05Z"),
        JsonText.parseObject(cell.config().toJson()));
  }
}
