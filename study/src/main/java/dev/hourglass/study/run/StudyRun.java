package dev.hourglass.study.run;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.core.files.WriteFailure;
import dev.hourglass.study.plan.Cell;
import dev.hourglass.study.plan.Study;
import dev.hourglass.study.result.CellFolder;
import dev.hourglass.study.result.CellResult;
import dev.hourglass.study.result.StudyFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Runs the cells of a study that have no result yet, some at a time, each in a process of its own:
 * whatever happens to one leaves the others alone, and its peak memory is its own.
 */
public final class StudyRun {

  private static final int MILLIS_BETWEEN_LOOKS = 200;

  private final Study study;
  private final StudyFolder folder;
  private final int jobs;
  private final Processes processes;
  private final StudyListener listener;
  private final BooleanSupplier stop;
  private final Deque<Cell> waiting = new ArrayDeque<>();
  private final List<RunningCell> running = new ArrayList<>();
  private final List<Cell> broken = new ArrayList<>();
  private final TimeLeft timeLeft = new TimeLeft();
  private int done;
  private boolean stopping;

  /** Starts the process of a cell, which ends by itself if this one does. */
  @FunctionalInterface
  public interface Processes {
    /**
     * Starts it.
     *
     * @param log gets what it says
     */
    Process start(Cell cell, CellFolder folder, Path log) throws IOException;
  }

  /**
   * How it ended.
   *
   * @param done cells with a result, of all
   * @param broken cells whose process ended without one
   */
  public record Ending(int done, List<Cell> broken, boolean stopped) {}

  /**
   * A study in its folder.
   *
   * @param jobs cells at a time
   * @param stop asked again and again; once true the cells that run are saved and left
   */
  public StudyRun(
      Study study,
      StudyFolder folder,
      int jobs,
      Processes processes,
      StudyListener listener,
      BooleanSupplier stop) {
    this.study = study;
    this.folder = folder;
    this.jobs = jobs;
    this.processes = processes;
    this.listener = listener;
    this.stop = stop;
  }

  /**
   * Runs what is left to run.
   *
   * @throws InputException if another process runs the study, or a file cannot be written
   */
  public Ending run() throws InterruptedException {
    try (StudyLock lock = StudyLock.take(folder)) {
      AtomicFiles.writeString(folder.study(), study.toJson());
      plan();
      while (!running.isEmpty() || (!waiting.isEmpty() && !stopping)) {
        step();
      }
      return new Ending(done, List.copyOf(broken), stopping);
    } finally {
      end();
    }
  }

  private void plan() {
    SharedResults shared = new SharedResults(study, folder);
    for (Cell cell : study.cells()) {
      CellFolder cellFolder = folder.cell(cell);
      boolean isDone = cellFolder.current(cell).isPresent();
      if (!isDone) {
        Optional<String> from = shared.take(cell);
        from.ifPresent(other -> listener.taken(cell, other));
        isDone = from.isPresent();
      }
      if (isDone) {
        done++;
        tidy(cell);
      } else {
        waiting.add(cell);
        timeLeft.add(cell, RunningCell.fraction(cell, cellFolder.run(cell).metrics()));
      }
    }
  }

  private void step() throws InterruptedException {
    if (!stopping && stop.getAsBoolean()) {
      stopping = true;
      // By the handle: the process's own method would close the pipe that keeps it alive.
      running.forEach(cell -> cell.process().toHandle().destroy());
    }
    while (!stopping && running.size() < jobs && !waiting.isEmpty()) {
      start(waiting.remove());
    }
    for (Iterator<RunningCell> cells = running.iterator(); cells.hasNext(); ) {
      RunningCell cell = cells.next();
      if (!cell.process().isAlive()) {
        cells.remove();
        timeLeft.ended(cell);
        ended(cell);
      }
    }
    if (!running.isEmpty()) {
      listener.waiting(done, timeLeft.seconds(running));
      TimeUnit.MILLISECONDS.sleep(MILLIS_BETWEEN_LOOKS);
    }
  }

  private void start(Cell cell) {
    CellFolder cellFolder = folder.cell(cell);
    Path log = cellFolder.log(cell);
    try {
      Files.createDirectories(cellFolder.path());
      Process process = processes.start(cell, cellFolder, log);
      running.add(RunningCell.of(cell, process, cellFolder.run(cell).metrics(), log));
    } catch (IOException e) {
      throw WriteFailure.of(log, e);
    }
    listener.started(cell);
  }

  private void ended(RunningCell ended) {
    Cell cell = ended.cell();
    Optional<CellResult> result = folder.cell(cell).current(cell);
    if (result.isPresent()) {
      done++;
      tidy(cell);
      listener.ended(cell, result.get(), done);
    } else if (!stopping && !stop.getAsBoolean()) {
      broken.add(cell);
      listener.broken(cell, ended.process().exitValue(), ended.lastWords());
    }
  }

  /** Deletes what is not needed once a cell has its result. */
  private void tidy(Cell cell) {
    CellFolder cellFolder = folder.cell(cell);
    Path kept = cellFolder.run(cell).path();
    try (Stream<Path> files = Files.list(cellFolder.path())) {
      for (Path file : files.filter(cellFolder::isOfRun).toList()) {
        if (!study.keep() || !file.equals(kept)) {
          delete(file);
        }
      }
    } catch (IOException e) {
      throw WriteFailure.of("Cannot delete what a cell needs no more", cellFolder.path(), e);
    }
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Whatever went wrong, no process is left alone. */
  private void end() throws InterruptedException {
    for (RunningCell cell : running) {
      cell.process().toHandle().destroy();
      cell.process().waitFor();
    }
  }
}
