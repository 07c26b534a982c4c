package dev.hourglass.cli;

import dev.hourglass.config.PowerAverage;
import dev.hourglass.core.InputException;
import dev.hourglass.ops.Ops;
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
import java.util.Optional;

/**
 * Generators with averages of weights of any length, of the run that a checkpoint is of.
 *
 * @param snapshots up to the checkpoint's step
 * @param guide of all of them
 */
record RunAverages(List<Snapshot> snapshots, Optional<ModelFile> guide, Ops ops) {

  static RunAverages of(ModelFile checkpoint, Optional<ModelFile> guide, Ops ops) {
    Path checkpoints = checkpoint.path().toAbsolutePath().normalize().getParent();
    RunFolder run = new RunFolder(checkpoints.getParent());
    if (!checkpoints.equals(run.checkpoints()) || checkpoint.step().isEmpty()) {
      throw new InputException(
          "sigma-rel sweeps the snapshots of a run, but %s is not among the checkpoints of one; give one such as runs/emoji/checkpoints/step-00010000.safetensors."
              .formatted(checkpoint.path()));
    }
    return new RunAverages(Snapshots.of(run).upTo(checkpoint.step().getAsLong()), guide, ops);
  }

  /** The generator of one average; its file lives only as long as it takes to read it. */
  ImageGenerator generator(double sigmaRel) {
    PowerAverage average = new PowerAverage(sigmaRel);
    try {
      Path folder = Files.createTempDirectory("hourglass-average");
      Path file = folder.resolve(RunFolder.averageName(sigmaRel, 0));
      try {
        Reconstruction.of(snapshots, average).write(file, () -> {});
        return SampleCommand.load(ModelFile.open(file), guide, ops);
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
