package dev.hourglass.study.result;

import dev.hourglass.study.plan.Cell;
import dev.hourglass.training.folder.RunFolder;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files of one cell.
 *
 * <pre>
 * result.json            what it came to; written last
 * metrics.csv            a line a step
 * samples.png            the grid
 * run-0123456789ab/      while it runs, or if the study keeps them: the run folder of that digest
 * run-0123456789ab.log   what the process said
 * </pre>
 *
 * The digest in the names lets a cell that was changed start beside its old result.
 */
public record CellFolder(Path path) {

  static final String RUN_PREFIX = "run-";

  public Path result() {
    return path.resolve("result.json");
  }

  public Path metrics() {
    return path.resolve("metrics.csv");
  }

  public Path samples() {
    return path.resolve("samples.png");
  }

  /** Where the cell trains. */
  public RunFolder run(Cell cell) {
    return new RunFolder(path.resolve(RUN_PREFIX + cell.shortDigest()));
  }

  public Path log(Cell cell) {
    return path.resolve(RUN_PREFIX + cell.shortDigest() + ".log");
  }

  /** Whether a file or folder belongs to a run that is not needed once its result is there. */
  public boolean isOfRun(Path file) {
    return file.getFileName().toString().startsWith(RUN_PREFIX);
  }

  /** The result, if it is that of this cell as it is asked for now. */
  public Optional<CellResult> current(Cell cell) {
    return CellResult.read(result()).filter(result -> result.digest().equals(cell.digest()));
  }
}
