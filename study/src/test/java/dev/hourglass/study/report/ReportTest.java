package dev.hourglass.study.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.study.plan.Cell;
import dev.hourglass.study.plan.Studies;
import dev.hourglass.study.plan.Study;
import dev.hourglass.study.result.CellResult;
import dev.hourglass.study.result.Results;
import dev.hourglass.study.result.StudyFolder;
import dev.hourglass.study.statistics.StudyTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  @TempDir Path folder;

  private String html(Study study, Map<Cell, CellResult> results) throws Exception {
    Path file = folder.resolve("report.html");
    HtmlReport.write(file, study, results, new StudyFolder(folder), "./hourglass study run <x>");
    return Files.readString(file);
  }

  private static Map<Cell, CellResult> results(Study study) {
    Map<Cell, CellResult> results = new LinkedHashMap<>();
    for (Cell cell : study.cells()) {
      double gain = cell.variant().equals("wide") ? 0.1 + 0.001 * cell.seed() : 0;
      results.put(cell, Results.of(study, cell, 1 + cell.seed() - gain));
    }
    return results;
  }

  @Test
  void thePageHoldsTablesChartsAndHowToGetItAgain() throws Exception {
    Study study = Studies.read(folder, Studies.STUDY);
    assertThat(html(study, results(study)))
        .contains("significant: better", "6 of 6 are done", "12,345", "0.06789", "1,024")
        .contains(
            "Some &lt;CPU&gt;", "commit abcdef", "2026-01-02", "./hourglass study run &lt;x&gt;")
        .contains("id=\"training-loss-", "<svg viewBox=");
  }

  @Test
  void thePageFetchesNothingAndRunsNothing() throws Exception {
    Study study = Studies.read(folder, Studies.STUDY);
    byte[] png = {(byte) 0x89, 'P', 'N', 'G'};
    Path samples = new StudyFolder(folder).cell(study.cells().getFirst()).samples();
    Files.createDirectories(samples.getParent());
    Files.write(samples, png);
    String html = html(study, results(study));
    assertThat(html)
        .contains("data:image/png;base64," + Base64.getEncoder().encodeToString(png))
        .doesNotContain("<script", "<link", "@import", "<!DOCTYPE svg");
    List<String> references =
        Pattern.compile("(?:src|href)=\"([^\"]*)\"|url\\(([^)]*)\\)")
            .matcher(html)
            .results()
            .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
            .toList();
    assertThat(references)
        .allMatch(to -> to.startsWith("data:") || to.replace("\"", "").startsWith("#"));
  }

  @Test
  void namesInTheDrawingsAreTheirOwn() throws Exception {
    Study study = Studies.read(folder, Studies.STUDY);
    List<String> ids =
        Pattern.compile(" id=\"([^\"]*)\"")
            .matcher(html(study, results(study)))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(ids).doesNotHaveDuplicates();
  }

  @Test
  void failuresAreShownAndOneSeedSaysNothingOfChance() throws Exception {
    Study study = Studies.read(folder, Studies.STUDY.replace("\"seeds\": 3", "\"seeds\": [4]"));
    Map<Cell, CellResult> results = results(study);
    Cell wide = study.cell("wide", 4);
    results.put(wide, Results.failed(study, wide, "step 3: the loss is <NaN>"));
    assertThat(html(study, results))
        .contains("wide, seed 4: step 3: the loss is &lt;NaN&gt;", "of which 1 failed")
        .contains("There is one seed, so nothing is said of chance")
        .doesNotContain("significant:");
  }

  @Test
  void textIsEscapedWholly() {
    assertThat(Html.escape("<a href='x'>\"&amp;\u00e9\uD83D\uDE00"))
        .isEqualTo("&lt;a href=&#39;x&#39;&gt;&quot;&amp;amp;\u00e9\uD83D\uDE00");
  }

  @Test
  void theCsvHasALineAVariantWithAllNumbers() throws Exception {
    Study study =
        Studies.read(folder, Studies.STUDY.replace("\"wide\"", "\"a,b\"").replace("[32]", "[48]"));
    CsvReport.write(folder.resolve("r.csv"), StudyTable.of(study, results(study)));
    List<String> lines = Files.readAllLines(folder.resolve("r.csv"));
    assertThat(lines).hasSize(3);
    assertThat(lines.getFirst()).startsWith("variant,cells,done,failed,steps,parameters,macs,");
    assertThat(lines.get(1)).startsWith("base,3,3,0,4,12345,67890000,12.5,");
    assertThat(lines.get(2)).startsWith("\"a,b\",3,3,0,4,").endsWith(",0.0,0.0,0.0,1.0,1.0,no");
  }
}
