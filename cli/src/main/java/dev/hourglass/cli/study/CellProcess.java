package dev.hourglass.cli.study;

import dev.hourglass.study.plan.Cell;
import dev.hourglass.study.plan.Places;
import dev.hourglass.study.result.CellFolder;
import dev.hourglass.study.result.StudyFolder;
import dev.hourglass.study.run.StudyRun;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts {@code study cell} as this process was started: by the same Java with the same options, in
 * the same environment. Its standard input is a pipe of ours, which ends when we do.
 */
final class CellProcess implements StudyRun.Processes {

  private final String mainClass;
  private final StudyFolder folder;
  private final Places places;
  private final int threads;

  /**
   * @param mainClass of the command line
   * @param threads of each
   */
  CellProcess(String mainClass, StudyFolder folder, Places places, int threads) {
    this.mainClass = mainClass;
    this.folder = folder;
    this.places = places;
    this.threads = threads;
  }

  @Override
  public Process start(Cell cell, CellFolder cellFolder, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    // All pools of the process, whoever makes them, are as large as its share.
    command.add("-XX:ActiveProcessorCount=" + threads);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(List.of("study", "cell", folder.path().toString()));
    command.addAll(List.of("--variant=" + cell.variant(), "--seed=" + cell.seed()));
    command.add("--data=" + places.find(cell.config().dataset().location()));
    command.add("--threads=" + threads);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }
}
