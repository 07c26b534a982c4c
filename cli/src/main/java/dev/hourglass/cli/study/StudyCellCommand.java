package dev.hourglass.cli.study;

import dev.hourglass.cli.signal.StopRequest;
import dev.hourglass.study.plan.Cell;
import dev.hourglass.study.plan.Study;
import dev.hourglass.study.result.StudyFolder;
import dev.hourglass.study.run.CellRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hourglass study cell}: what {@code study run} starts for each cell. */
@Command(name = "cell", hidden = true, description = "Runs one cell; started by study run.")
final class StudyCellCommand implements Runnable {

  /** As of a process that SIGKILL ended. */
  private static final int KILLED = 137;

  @Parameters(paramLabel = "FOLDER", description = "Of the study.")
  Path folder;

  @Option(names = "--variant", required = true, paramLabel = "NAME", description = "Which variant.")
  String variant;

  @Option(names = "--seed", required = true, paramLabel = "S", description = "Which seed.")
  long seed;

  @Option(names = "--data", required = true, paramLabel = "PATH", description = "Its images.")
  Path data;

  @Option(names = "--threads", required = true, paramLabel = "N", description = "Its share.")
  int threads;

  @Spec CommandSpec spec;

  @Override
  public void run() {
    endWithParent();
    StudyFolder studyFolder = new StudyFolder(folder);
    Study study = studyFolder.load();
    Cell cell = study.cell(variant, seed);
    String version = StudyCellCommand.class.getPackage().getImplementationVersion();
    CellRun.Origins origins =
        new CellRun.Origins(
            data,
            threads,
            Objects.requireNonNullElse(version, "development build"),
            SourceCommit.known());
    try (StopRequest stop =
        new StopRequest(spec.commandLine().getErr(), "Stopping; the cell is saved first ...")) {
      new CellRun(study, cell, studyFolder.cell(cell), origins).run(stop::received);
    }
  }

  /** A study that is killed leaves no process behind, which would hold the cell's run folder. */
  private static void endWithParent() {
    InputStream pipe = System.in;
    Thread.ofPlatform()
        .daemon()
        .name("end-with-parent")
        .start(
            () -> {
              try {
                pipe.transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                // As good as the end.
              }
              Runtime.getRuntime().halt(KILLED);
            });
  }
}
