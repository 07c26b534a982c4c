package dev.hourglass.cli.study;

import dev.hourglass.core.InputException;
import dev.hourglass.study.plan.Cell;
import dev.hourglass.study.plan.Study;
import dev.hourglass.study.report.CsvReport;
import dev.hourglass.study.report.HtmlReport;
import dev.hourglass.study.result.CellResult;
import dev.hourglass.study.result.StudyFolder;
import dev.hourglass.study.statistics.StudyTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hourglass study report}. */
@Command(
    name = "report",
    sortOptions = false,
    description = {
      "Writes what a study says so far: report.html, one file that needs no network, and"
          + " report.csv.",
      "Also while the study runs."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hourglass study report studies/widths.json",
      "  hourglass study report runs/studies/widths --out docs/widths"
    })
final class StudyReportCommand implements Runnable {

  @Mixin StudyOptions options;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder of the two files (default: that of the study).")
  Path out;

  @Spec CommandSpec spec;

  @Override
  public void run() {
    StudyOptions.Opened opened = options.open();
    Study study = opened.study();
    StudyFolder folder = opened.folder();
    Map<Cell, CellResult> results = folder.results(study);
    if (results.isEmpty()) {
      throw new InputException(
          "The study %s has no result in %s yet; run it by study run."
              .formatted(study.name(), folder.path()));
    }
    StudyFolder target = out == null ? folder : new StudyFolder(out);
    CsvReport.write(target.csv(), StudyTable.of(study, results));
    String command = "./hourglass study run " + options.file;
    HtmlReport.write(target.html(), study, results, folder, command);
    PrintWriter console = spec.commandLine().getOut();
    console.println(
        "%d of %d cells are done; the report is %s, its numbers %s."
            .formatted(results.size(), study.cells().size(), target.html(), target.csv()));
    console.flush();
  }
}
