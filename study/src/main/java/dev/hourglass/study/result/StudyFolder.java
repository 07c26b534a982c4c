package dev.hourglass.study.result;

import dev.hourglass.core.InputException;
import dev.hourglass.study.plan.Cell;
import dev.hourglass.study.plan.Places;
import dev.hourglass.study.plan.Study;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of a study, which may be moved to another folder or machine at any time.
 *
 * <pre>
 * study.json             the study with its base config in it
 * study.lock             held while a process runs the study
 * cells/VARIANT/seed-N/  see {@link CellFolder}
 * report.html, report.csv
 * </pre>
 */
public record StudyFolder(Path path) {

  public Path study() {
    return path.resolve("study.json");
  }

  public Path lock() {
    return path.resolve("study.lock");
  }

  public Path html() {
    return path.resolve("report.html");
  }

  public Path csv() {
    return path.resolve("report.csv");
  }

  public CellFolder cell(Cell cell) {
    return new CellFolder(
        path.resolve("cells").resolve(cell.variant()).resolve("seed-" + cell.seed()));
  }

  /**
   * The study that was run here last.
   *
   * @throws InputException if none was
   */
  public Study load() {
    if (!Files.exists(study())) {
      throw new InputException(
          "%s holds no study; give a study file, or a folder with a study.json.".formatted(path));
    }
    return Study.load(study(), new Places(List.of(path)));
  }

  /** The results that are there and up to date, by cell, in the order of the study. */
  public Map<Cell, CellResult> results(Study study) {
    Map<Cell, CellResult> results = new LinkedHashMap<>();
    for (Cell cell : study.cells()) {
      Optional<CellResult> result = cell(cell).current(cell);
      result.ifPresent(found -> results.put(cell, found));
    }
    return results;
  }
}
