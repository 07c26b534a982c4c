package dev.hourglass.cli.study;

import dev.hourglass.cli.signal.StopRequest;
import dev.hourglass.core.InputException;
import dev.hourglass.study.plan.Cell;
import dev.hourglass.study.plan.Study;
import dev.hourglass.study.run.StudyRun;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hourglass study run}. */
@Command(
    name = "run",
    sortOptions = false,
    description = {
      "Runs the cells of a study, a variant with a seed each, into RUNS/STUDIES/NAME.",
      "A study that was stopped or killed goes on where it was when the same command is given"
          + " again. What is done stays done; a variant that was changed since runs again. Ctrl-C"
          + " stops it after saving."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hourglass study run studies/widths.json",
      "  hourglass study run studies/widths.json --jobs 4 --threads 32"
    })
final class StudyRunCommand implements Runnable {

  private static final String STOPPING = "Stopping; the cells that run are saved first ...";

  @Mixin StudyOptions options;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Cells at a time, each in a process of its own (default: ${DEFAULT-VALUE}). More than one"
              + " make figures of speed worthless.")
  int jobs;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of all cells together (default: all cores).")
  Integer threads;

  @Spec CommandSpec spec;

  @Override
  public void run() {
    int all = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    if (jobs < 1 || all < jobs) {
      throw new InputException(
          "--jobs is %d with %d threads in all; give at least one of each, and a thread to each job."
              .formatted(jobs, all));
    }
    StudyOptions.Opened opened = options.open();
    Study study = opened.study();
    requireData(opened);
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "%s: %d variants, %d seeds, %d cells of %s each."
            .formatted(
                opened.folder().path(),
                study.variants().size(),
                study.seeds().size(),
                study.cells().size(),
                study.cells().getFirst().budget().text()));
    out.flush();
    StudyRun.Ending ending = run(opened, all / jobs, out);
    out.println("%d of %d cells are done.".formatted(ending.done(), study.cells().size()));
    out.flush();
    if (!ending.broken().isEmpty()) {
      throw new InputException(
          "The processes of %d cells ended without a result (%s); see the lines above and the logs beside their runs, and give the command again."
              .formatted(
                  ending.broken().size(),
                  ending.broken().stream().map(Cell::name).collect(Collectors.joining("; "))));
    }
  }

  private StudyRun.Ending run(StudyOptions.Opened opened, int threadsOfEach, PrintWriter out) {
    String mainClass = spec.root().userObject().getClass().getName();
    CellProcess processes =
        new CellProcess(mainClass, opened.folder(), opened.places(), threadsOfEach);
    try (StopRequest stop = new StopRequest(spec.commandLine().getErr(), STOPPING)) {
      return new StudyRun(
              opened.study(),
              opened.folder(),
              jobs,
              processes,
              new StudyProgress(out, opened.study()),
              stop::received)
          .run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InputException("The study was interrupted; give the command again.", e);
    }
  }

  /** Said before anything runs, not by each cell. */
  private static void requireData(StudyOptions.Opened opened) {
    for (Cell cell : opened.study().cells()) {
      Path data = opened.places().find(cell.config().dataset().location());
      if (!Files.exists(data)) {
        throw new InputException(
            "The variant %s trains on %s, where there is nothing; correct data or dataset.location."
                .formatted(cell.variant(), data));
      }
    }
  }
}
