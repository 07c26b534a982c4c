package dev.hourglass.study.run;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.core.files.ReadFailure;
import dev.hourglass.core.files.WriteFailure;
import dev.hourglass.study.plan.Cell;
import dev.hourglass.study.plan.Study;
import dev.hourglass.study.result.CellFolder;
import dev.hourglass.study.result.CellResult;
import dev.hourglass.study.result.StudyFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Results of the studies beside this one. A cell with the same digest would compute the same to the
 * bit, so studies that share a baseline run it once.
 */
final class SharedResults {

  private record Found(CellFolder folder, CellResult result) {}

  private final Study study;
  private final StudyFolder folder;
  private final Map<String, Found> byDigest = new HashMap<>();

  /** Looks at all studies in the folder in which this one is. */
  SharedResults(Study study, StudyFolder folder) {
    this.study = study;
    this.folder = folder;
    // Steps in a minute are those of the machine and its load; checkpoints are not shared.
    if (study.budget().seconds().isEmpty() && !study.keep()) {
      siblings().forEach(this::look);
    }
  }

  /**
   * Copies the result of a cell, if another study has it.
   *
   * @return the name of that study
   */
  Optional<String> take(Cell cell) {
    Found found = byDigest.get(cell.digest());
    if (found == null) {
      return Optional.empty();
    }
    CellFolder target = folder.cell(cell);
    try {
      Files.createDirectories(target.path());
      Files.deleteIfExists(target.samples());
      copy(found.folder.metrics(), target.metrics());
      copy(found.folder.samples(), target.samples());
    } catch (IOException e) {
      throw WriteFailure.of(target.path(), e);
    }
    found.result.of(study.name(), cell.variant()).write(target.result());
    return Optional.of(found.result.study());
  }

  private static void copy(Path from, Path to) {
    if (Files.exists(from)) {
      AtomicFiles.write(
          to, temporary -> Files.copy(from, temporary, StandardCopyOption.REPLACE_EXISTING));
    }
  }

  private List<Path> siblings() {
    Path own = folder.path().toAbsolutePath().normalize();
    return children(own.getParent()).stream().filter(path -> !path.equals(own)).toList();
  }

  private void look(Path sibling) {
    for (Path variant : children(sibling.resolve("cells"))) {
      for (Path cell : children(variant)) {
        CellFolder cellFolder = new CellFolder(cell);
        try {
          CellResult.read(cellFolder.result())
              .filter(result -> result.failure().isEmpty())
              .ifPresent(
                  result -> byDigest.putIfAbsent(result.digest(), new Found(cellFolder, result)));
        } catch (InputException e) {
          // Damaged: its own study will say so.
        }
      }
    }
  }

  private static List<Path> children(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw ReadFailure.of(folder, e);
    }
  }
}
