package dev.hourglass.cli;

import dev.hourglass.cli.report.Progress;
import dev.hourglass.config.PowerAverage;
import dev.hourglass.core.InputException;
import dev.hourglass.training.folder.RunFolder;
import dev.hourglass.training.snapshot.Reconstruction;
import dev.hourglass.training.snapshot.Snapshot;
import dev.hourglass.training.snapshot.Snapshots;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hourglass ema}. */
@Command(
    name = "ema",
    sortOptions = false,
    description = {
      "Makes averages of weights of any length after training, of the snapshots in a run.",
      "A run has snapshots if its config asks for them: \"ema_sched\": {\"type\": \"power\","
          + " \"snapshot_every\": 1000}."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hourglass ema runs/digits --sigma-rel 0.13 --out digits-0.13.safetensors",
      "  hourglass ema runs/digits --sigma-rels 0.03,0.05,0.08,0.13,0.2 --out averages",
      "  hourglass ema runs/digits --sigma-rel 0.1 --step 12000 --out earlier.safetensors"
    })
final class EmaCommand implements Runnable {

  @Parameters(paramLabel = "RUN", description = "The folder of a run, such as runs/digits.")
  Path run;

  @ArgGroup(exclusive = true, multiplicity = "1")
  Lengths lengths;

  @Option(
      names = "--step",
      paramLabel = "N",
      description = "The step to average up to (default: the last that has snapshots).")
  Long step;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "PATH",
      description =
          "The new checkpoint, float32; with --sigma-rels a folder for them, where each is named"
              + " like ema-0.13-step-00020000.safetensors.")
  Path output;

  @Spec CommandSpec spec;

  /** One length, or several. */
  static final class Lengths {
    @Option(
        names = "--sigma-rel",
        paramLabel = "S",
        description =
            "Length of the average: the standard deviation of its weighing relative to the time"
                + " trained, above 0 and below 0.289.")
    Double one;

    @Option(
        names = "--sigma-rels",
        paramLabel = "S,...",
        split = ",",
        hideParamSyntax = true,
        description = "Several lengths, with commas between them.")
    List<Double> several;
  }

  @Override
  public void run() {
    List<Double> sigmaRels = sigmaRels();
    RunFolder folder = new RunFolder(run);
    Snapshots all = Snapshots.of(folder);
    List<Snapshot> snapshots = all.upTo(step == null ? all.lastStep() : step);
    requireOutput(folder);
    PrintWriter out = spec.commandLine().getOut();
    try (Progress progress = new Progress(out, "snapshot")) {
      int total = sigmaRels.size() * snapshots.size();
      progress.begin(0, total);
      int[] done = {0};
      for (double sigmaRel : sigmaRels) {
        String message = "sigma_rel %s".formatted(sigmaRel);
        Reconstruction.of(snapshots, new PowerAverage(sigmaRel))
            .write(file(sigmaRel, snapshots), () -> progress.update(++done[0], total, message));
      }
    }
    report(out, sigmaRels, snapshots);
  }

  private List<Double> sigmaRels() {
    if (lengths.several == null) {
      PowerAverage.requireSigmaRel("--sigma-rel", lengths.one);
      return List.of(lengths.one);
    }
    lengths.several.forEach(s -> PowerAverage.requireSigmaRel("A number in --sigma-rels", s));
    return lengths.several.stream().distinct().toList();
  }

  /** Where one of them goes. */
  private Path file(double sigmaRel, List<Snapshot> snapshots) {
    return lengths.several == null
        ? output
        : output.resolve(RunFolder.averageName(sigmaRel, snapshots.getLast().label().step()));
  }

  private void requireOutput(RunFolder folder) {
    Path into = lengths.several == null ? output.toAbsolutePath().getParent() : output;
    if (into.toAbsolutePath().normalize().equals(folder.snapshots().toAbsolutePath().normalize())) {
      throw new InputException(
          "--out %s would write among the snapshots of the run; choose another place."
              .formatted(output));
    }
    if (lengths.several != null && Files.exists(output) && !Files.isDirectory(output)) {
      throw new InputException(
          "--out %s is a file; --sigma-rels needs a folder to write into.".formatted(output));
    }
  }

  private void report(PrintWriter out, List<Double> sigmaRels, List<Snapshot> snapshots) {
    Path first = file(sigmaRels.getFirst(), snapshots);
    out.println(
        "Averages at step %d, of %d snapshots from step %d on:"
            .formatted(
                snapshots.getLast().label().step(),
                snapshots.size(),
                snapshots.getFirst().label().step()));
    for (double sigmaRel : sigmaRels) {
      Path file = file(sigmaRel, snapshots);
      out.println(
          "  %s: sigma_rel %s, %.1f MB".formatted(file, sigmaRel, file.toFile().length() / 1e6));
    }
    out.println("Next:");
    out.println("  " + Launcher.command("sample", "--checkpoint", first, "--grid", "grid.png"));
    out.flush();
  }
}
