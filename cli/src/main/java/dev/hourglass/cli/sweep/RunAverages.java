package dev.hourglass.cli.sweep;

import dev.hourglass.config.PowerAverage;
import dev.hourglass.core.InputException;
import dev.hourglass.sampling.ImageGenerator;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.training.folder.RunFolder;
import dev.hourglass.training.snapshot.Reconstruction;
import dev.hourglass.training.snapshot.Snapshot;
import dev.hourglass.training.snapshot.Snapshots;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * Generators with averages of weights of any length, of the run that a checkpoint is of.
 *
 * @param snapshots up to the checkpoint's step
 */
public record RunAverages(List<Snapshot> snapshots) {

  /**
   * Those of a checkpoint.
   *
   * @throws InputException if it is not among the checkpoints of a run with snapshots at its step
   */
  public static RunAverages of(ModelFile checkpoint) {
    Path checkpoints = checkpoint.path().toAbsolutePath().normalize().getParent();
    RunFolder run = new RunFolder(checkpoints.getParent());
    if (!checkpoints.equals(run.checkpoints()) || checkpoint.step().isEmpty()) {
      throw new InputException(
          "sigma-rel sweeps the snapshots of a run, but %s is not among the checkpoints of one; give one such as runs/emoji/checkpoints/step-00010000.safetensors."
              .formatted(checkpoint.path()));
    }
    return new RunAverages(Snapshots.of(run).upTo(checkpoint.step().getAsLong()));
  }

  /**
   * The generator of one average, whose file lives only as long as it takes to read it.
   *
   * @param load reads it
   */
  public ImageGenerator generator(double sigmaRel, Function<ModelFile, ImageGenerator> load) {
    PowerAverage average = new PowerAverage(sigmaRel);
    try {
      Path folder = Files.createTempDirectory("hourglass-average");
      Path file = folder.resolve(RunFolder.averageName(sigmaRel, 0));
      try {
        Reconstruction.of(snapshots, average).write(file, () -> {});
        return load.apply(ModelFile.open(file));
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
