package dev.hourglass.cli.study;

import dev.hourglass.cli.report.TextTable;
import dev.hourglass.core.files.ReadFailure;
import dev.hourglass.study.plan.Metric;
import dev.hourglass.study.plan.Study;
import dev.hourglass.study.result.StudyFolder;
import dev.hourglass.study.statistics.StudyTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hourglass study list}. */
@Command(
    name = "list",
    description = "Lists the studies of a folder: how far they are, and which variant is best.",
    footerHeading = "%nExamples:%n",
    footer = {"  hourglass study list", "  hourglass study list --studies studies/results"})
final class StudyListCommand implements Runnable {

  @Option(
      names = "--studies",
      paramLabel = "DIR",
      defaultValue = "runs/studies",
      description = "Folder of all studies (default: ${DEFAULT-VALUE}).")
  Path studies;

  @Spec CommandSpec spec;

  @Override
  public void run() {
    TextTable table =
        new TextTable(List.of("study", "cells done", "variants", "metric", "best", "value"));
    List<StudyFolder> folders = folders();
    folders.forEach(folder -> table.add(row(folder)));
    if (folders.isEmpty()) {
      spec.commandLine()
          .getOut()
          .println("There is no study in %s; run one by study run.".formatted(studies));
    } else {
      table.print(spec.commandLine().getOut());
    }
    spec.commandLine().getOut().flush();
  }

  private List<StudyFolder> folders() {
    if (!Files.isDirectory(studies)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(studies)) {
      return folders
          .sorted()
          .map(StudyFolder::new)
          .filter(folder -> Files.exists(folder.study()))
          .toList();
    } catch (IOException e) {
      throw ReadFailure.of(studies, e);
    }
  }

  private static List<String> row(StudyFolder folder) {
    Study study = folder.load();
    StudyTable table = StudyTable.of(study, folder.results(study));
    Metric metric = study.metrics().getFirst();
    Optional<StudyTable.Row> best = table.best();
    return List.of(
        study.name(),
        "%d of %d".formatted(table.done(), study.cells().size()),
        Integer.toString(study.variants().size()),
        metric.jsonName(),
        best.map(row -> row.variant().name()).orElse("-"),
        best.map(row -> row.metrics().get(metric).summary().mean())
            .map(mean -> String.format(Locale.ROOT, "%.5g", mean))
            .orElse("-"));
  }
}
