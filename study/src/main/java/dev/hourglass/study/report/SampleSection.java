package dev.hourglass.study.report;

import dev.hourglass.core.files.ReadFailure;
import dev.hourglass.study.plan.Cell;
import dev.hourglass.study.plan.Study;
import dev.hourglass.study.result.StudyFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/** The grids of one seed side by side: the seed that most variants have. */
final class SampleSection {

  private final Study study;
  private final StudyFolder folder;
  private final Map<Cell, ?> results;

  /**
   * @param results of the study, by cell
   */
  SampleSection(Study study, StudyFolder folder, Map<Cell, ?> results) {
    this.study = study;
    this.folder = folder;
    this.results = results;
  }

  String html() {
    StringBuilder figures = new StringBuilder();
    long seed = seed();
    for (Cell cell : study.cells()) {
      if (cell.seed() == seed && has(cell)) {
        figures.append(figure(cell));
      }
    }
    return figures.isEmpty()
        ? ""
        : """
        <h2>Samples</h2>
        <p class="note">Each from the same noise, by the averaged weights of seed %d.</p>
        <div class="grids">
        %s</div>
        """
            .formatted(seed, figures);
  }

  private long seed() {
    long best = study.seeds().getFirst();
    long most = 0;
    for (long seed : study.seeds()) {
      long count = study.cells().stream().filter(c -> c.seed() == seed && has(c)).count();
      if (count > most) {
        most = count;
        best = seed;
      }
    }
    return best;
  }

  private boolean has(Cell cell) {
    return results.containsKey(cell) && Files.exists(folder.cell(cell).samples());
  }

  private String figure(Cell cell) {
    Path file = folder.cell(cell).samples();
    try {
      return "<figure><img alt=\"samples of %s\" src=\"data:image/png;base64,%s\">%s</figure>\n"
          .formatted(
              Html.escape(cell.variant()),
              Base64.getEncoder().encodeToString(Files.readAllBytes(file)),
              Html.element("figcaption", cell.variant()));
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    }
  }
}
