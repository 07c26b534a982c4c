package dev.hourglass.cli;

import dev.hourglass.cli.report.Progress;
import dev.hourglass.config.Config;
import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.samplers.SamplerOptions;
import dev.hourglass.ops.Ops;
import dev.hourglass.sampling.GeneratedImage;
import dev.hourglass.sampling.ImageGenerator;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.sampling.SampleRequest;
import dev.hourglass.sampling.SampleSettings;
import dev.hourglass.sampling.picture.ImageGrid;
import dev.hourglass.sampling.picture.PngFile;
import dev.hourglass.training.Intervals;
import dev.hourglass.training.Origin;
import dev.hourglass.training.TrainSettings;
import dev.hourglass.training.TrainingData;
import dev.hourglass.training.TrainingListener;
import dev.hourglass.training.folder.RunFolder;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hourglass quickstart}. */
@Command(
    name = "quickstart",
    sortOptions = false,
    description = {
      "Trains a small class-conditional model on clothes (Fashion-MNIST), which come with"
          + " Hourglass, and draws a grid with it.",
      "Nothing is downloaded. Two CPU cores are enough."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  hourglass quickstart", "  hourglass quickstart --minutes 15 --name longer"})
final class QuickstartCommand implements Runnable {

  // Below the folder of the launcher.
  private static final String CONFIG = "configs/quickstart.json";
  private static final String DATA = "datasets/fashion-mnist";

  private static final long MOST_STEPS = 10_000_000;
  private static final int BATCH_SIZE = 32;
  private static final Intervals INTERVALS = new Intervals(250, 40, 500, 2);

  // The final grid: a column for each class.
  private static final int COLUMNS = 10;
  private static final int IMAGES = 40;
  private static final SampleSettings SAMPLING =
      SampleSettings.DEFAULT
          .withSampler("dpmpp-3m-sde", SamplerOptions.NONE)
          .withSteps(50)
          .withGuidance(2);

  @Option(
      names = "--minutes",
      paramLabel = "M",
      defaultValue = "3",
      description = "How long to train (default: ${DEFAULT-VALUE}).")
  double minutes;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "quickstart",
      description = "Name of the run (default: ${DEFAULT-VALUE}).")
  String name;

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      defaultValue = "runs",
      description = "Folder of all runs (default: ${DEFAULT-VALUE}).")
  Path runs;

  @Mixin ComputeOptions compute;

  @Spec CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    if (!(minutes > 0 && minutes <= Duration.ofDays(365).toMinutes())) {
      throw new InputException(
          "--minutes must be above 0 and at most a year, not %s.".formatted(minutes));
    }
    Ops ops = compute.apply(out);
    RunFolder folder = freeFolder(out);
    Path data = Launcher.home().resolve(DATA);
    Config config = TrainCommand.withLocation(Config.load(Launcher.home().resolve(CONFIG)), data);
    try (TrainingData images = TrainingData.open(config, data)) {
      out.println(
          "Training on %,d images of %d classes for %s minutes; Ctrl-C stops and saves."
              .formatted(images.images().size(), config.model().numClasses(), plain(minutes)));
      out.flush();
      TrainingSession.Outcome outcome =
          TrainingSession.run(
              out,
              spec.commandLine().getErr(),
              config,
              images,
              folder,
              TrainSettings.DEFAULT
                  .withCompute(compute.choice())
                  .withSteps(MOST_STEPS)
                  .withBatch(BATCH_SIZE, 1)
                  .withIntervals(INTERVALS),
              new Origin.Run(),
              Optional.of(Duration.ofMillis(Math.round(minutes * 60_000))),
              TrainingListener.NONE);
      Path checkpoint = outcome.checkpoint().orElseThrow(); // the session makes one step at least
      if (!outcome.interrupted()) {
        drawGrid(out, ops, checkpoint, folder.path().resolve("grid.png"));
      }
      printNext(out, folder, checkpoint, outcome.step());
    }
  }

  private RunFolder freeFolder(PrintWriter out) {
    RunFolder wanted = RunFolder.named(runs, name);
    RunFolder folder = wanted;
    for (int i = 2; Files.exists(folder.path()); i++) {
      folder = RunFolder.named(runs, name + "-" + i);
    }
    if (!folder.equals(wanted)) {
      out.println("%s exists, so this run is %s.".formatted(wanted.path(), folder.path()));
    }
    return folder;
  }

  private static String plain(double number) {
    return number == Math.rint(number)
        ? Long.toString(Math.round(number))
        : Double.toString(number);
  }

  private static void drawGrid(PrintWriter out, Ops ops, Path checkpoint, Path file) {
    ModelFile model = ModelFile.open(checkpoint);
    List<GeneratedImage> images = new ArrayList<>();
    try (ImageGenerator generator = ImageGenerator.load(model, ops);
        Progress progress = new Progress(out, "draw")) {
      SampleProgress listener = new SampleProgress(progress, IMAGES);
      generator.generate(SampleRequest.of(IMAGES), SAMPLING, listener, images::add);
    }
    List<String> labels =
        images.stream().map(image -> model.className(image.classNumber().orElseThrow())).toList();
    PngFile.write(
        file,
        ImageGrid.labelled(images.stream().map(GeneratedImage::image).toList(), labels, COLUMNS),
        Map.of("Software", "Hourglass " + Versions.hourglass()));
    out.println("The grid is %s.".formatted(file));
  }

  /** What to look at, and commands to go on with. */
  private static void printNext(PrintWriter out, RunFolder folder, Path checkpoint, long step) {
    Path run = folder.path();
    out.println(
        "Also look at %s, %s and %s."
            .formatted(folder.lossPlot(), folder.metrics(), run.resolve("samples")));
    out.println("Next:");
    Path parent = run.getParent();
    line(
        out,
        "train on",
        "train",
        "--name",
        run.getFileName(),
        "--runs",
        parent == null ? "." : parent,
        "--batch-size",
        BATCH_SIZE,
        "--steps",
        2 * step);
    line(
        out,
        "draw 16 images of one class, with guidance",
        "sample",
        "--checkpoint",
        checkpoint,
        "--class",
        5,
        "--guidance",
        2,
        "--out",
        run.resolve("images"));
    line(out, "see what the model is made of", "inspect", checkpoint);
    line(
        out,
        "make a small file for sampling only",
        "convert",
        checkpoint,
        "--out",
        run.resolve("model.safetensors"));
    out.flush();
  }

  private static void line(PrintWriter out, String purpose, Object... words) {
    out.println("  # " + purpose);
    out.println("  " + Launcher.command(words));
  }
}
