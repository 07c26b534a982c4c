package dev.hourglass.study.run;

import dev.hourglass.compute.Compute;
import dev.hourglass.compute.Kernels;
import dev.hourglass.compute.Threads;
import dev.hourglass.config.Config;
import dev.hourglass.config.cost.ModelCost;
import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.core.files.WriteFailure;
import dev.hourglass.core.machine.Machine;
import dev.hourglass.json.JsonText;
import dev.hourglass.study.plan.Cell;
import dev.hourglass.study.plan.Study;
import dev.hourglass.study.result.CellFolder;
import dev.hourglass.study.result.CellResult;
import dev.hourglass.study.result.Curve;
import dev.hourglass.study.result.Provenance;
import dev.hourglass.study.result.RunTable;
import dev.hourglass.training.TrainSettings;
import dev.hourglass.training.TrainingData;
import dev.hourglass.training.folder.CheckpointStore;
import dev.hourglass.training.folder.RunFolder;
import dev.hourglass.training.validation.Validating;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Runs one cell in this process: trains it, measures it, and puts its result down. */
public final class CellRun {

  private final Study study;
  private final Cell cell;
  private final CellFolder folder;
  private final Origins origins;

  /**
   * Where a cell's result comes from.
   *
   * @param data where its images are
   * @param threads that compute
   * @param version of Hourglass
   * @param commit of its sources; empty if unknown
   */
  public record Origins(Path data, int threads, String version, String commit) {}

  /** A cell of a study, in its folder. */
  public CellRun(Study study, Cell cell, CellFolder folder, Origins origins) {
    this.study = study;
    this.cell = cell;
    this.folder = folder;
    this.origins = origins;
  }

  /**
   * Goes on with the cell, to its end.
   *
   * @param stop asked after each step; once true the run is saved and left
   * @return false if it was stopped
   */
  public boolean run(BooleanSupplier stop) {
    Compute compute = new Compute(Kernels.AUTO, study.precision());
    Threads.set(compute.kernels(), origins.threads());
    RunFolder run = folder.run(cell);
    TrainSettings how =
        TrainSettings.DEFAULT
            .withCompute(compute)
            .withValidation(study.validating().orElse(Validating.NEVER));
    try (TrainingData data = data()) {
      CellTraining.Ending ending = CellTraining.run(cell, run, data, how, stop);
      if (!ending.finished()) {
        return false;
      }
      Files.deleteIfExists(folder.samples());
      if (ending.failure().isEmpty() && study.samples().count() > 0) {
        Path checkpoint = checkpoint(run);
        SampleGrid.write(folder.samples(), checkpoint, study.samples(), compute.ops());
      }
      CellResult result = result(ending, run, data, compute);
      AtomicFiles.write(
          folder.metrics(),
          temporary -> Files.copy(run.metrics(), temporary, StandardCopyOption.REPLACE_EXISTING));
      result.write(folder.result());
      return true;
    } catch (IOException e) {
      throw WriteFailure.of("Cannot replace an old result", folder.path(), e);
    }
  }

  private TrainingData data() {
    TrainingData data = TrainingData.open(cell.config(), origins.data());
    return study.validation().map(held -> data.holdingOut(held.share().of())).orElse(data);
  }

  private static Path checkpoint(RunFolder run) {
    return new CheckpointStore(run).latest().orElseThrow().checkpoint();
  }

  private CellResult result(
      CellTraining.Ending ending, RunFolder run, TrainingData data, Compute compute) {
    Config config = cell.config();
    ModelCost cost = ModelCost.of(config.model(), config.model().inputSize());
    RunTable table = RunTable.read(run.metrics());
    return new CellResult(
        study.name(),
        cell.variant(),
        cell.seed(),
        ending.failure(),
        cell.digest(),
        ending.failure().isPresent()
            ? Map.of()
            : CellMetrics.of(
                study.metrics(),
                table,
                () ->
                    CellDistances.of(
                        checkpoint(run), data.images(), study.evaluation(), compute.ops())),
        table.steps(),
        table.steps() * cell.batching().globalSize(),
        data.images().size(),
        cost.parameters(),
        cost.macs(),
        table.median("images_per_second"),
        ending.peakMemoryBytes(),
        table.sum("seconds"),
        Curve.ofMeans(table.column("loss")),
        Curve.ofMeasured(
            table.has(CellMetrics.VALIDATION_COLUMN)
                ? table.column(CellMetrics.VALIDATION_COLUMN)
                : new double[0]),
        provenance(compute),
        JsonText.parseObject(config.toJson()));
  }

  private Provenance provenance(Compute compute) {
    Machine machine = Machine.here();
    return new Provenance(
        machine.processor(),
        machine.cores(),
        origins.threads(),
        machine.system(),
        machine.java(),
        compute.precision().resolved().name().toLowerCase(Locale.ROOT),
        origins.version(),
        origins.commit(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }
}
