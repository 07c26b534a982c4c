package dev.hourglass.cli;

import dev.hourglass.config.Config;
import dev.hourglass.config.DatasetConfig;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.cost.ModelCost;
import dev.hourglass.core.InputException;
import dev.hourglass.training.Batching;
import dev.hourglass.training.Intervals;
import dev.hourglass.training.Origin;
import dev.hourglass.training.Restart;
import dev.hourglass.training.TrainSettings;
import dev.hourglass.training.TrainingData;
import dev.hourglass.training.TrainingListener;
import dev.hourglass.training.folder.RunFolder;
import dev.hourglass.training.tensorboard.TensorBoardListener;
import dev.hourglass.training.validation.HoldOut;
import dev.hourglass.training.validation.HoldOutRecord;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hourglass train}. */
@Command(
    name = "train",
    sortOptions = false,
    description = {
      "Trains a model into a run folder, RUNS/NAME.",
      "A run that was stopped or killed goes on where it was when the same command is given again."
          + " Ctrl-C stops it after saving."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hourglass train --config configs/mnist.json --data data/mnist --name digits --steps 20000",
      "  hourglass train --config configs/oxford-flowers-256.json --name flowers \\",
      "      --batch-size 8 --accumulate 8 --checkpointing",
      "  hourglass train --config configs/emoji-64.json --name emoji --validate 0.1 --tensorboard",
      "  hourglass train --config my.json --name tuned --lr 1e-4 \\",
      "      --init runs/digits/checkpoints/step-00020000.safetensors"
    })
final class TrainCommand implements Runnable {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The config; without it that of the run, if the run exists.")
  Path configFile;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = "The images, instead of the config's dataset.location.")
  Path data;

  @Option(names = "--name", required = true, paramLabel = "NAME", description = "Name of the run.")
  String name;

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      defaultValue = "runs",
      description = "Folder of all runs (default: ${DEFAULT-VALUE}).")
  Path runs;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Step to train to (default: ${DEFAULT-VALUE}).")
  long steps = TrainSettings.DEFAULT.steps();

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Images of one forward and backward pass (default: ${DEFAULT-VALUE}).")
  int batchSize = TrainSettings.DEFAULT.batching().size();

  @Option(
      names = "--accumulate",
      paramLabel = "N",
      description = "Passes that make one step (default: ${DEFAULT-VALUE}).")
  int accumulation = TrainSettings.DEFAULT.batching().accumulation();

  @Option(
      names = "--lr",
      paramLabel = "X",
      description =
          "Learning rate, instead of the config's. With Muon it is that of the matrices; AdamW's"
              + " beside it changes in proportion.")
  Double learningRate;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Seed of all random numbers (default: 0, or that of the run).")
  Long seed;

  @Mixin ValidationOptions validation;

  @Mixin ComputeOptions compute;

  @Option(
      names = "--checkpointing",
      description = "Compute activations again in the backward pass: slower, far less memory.")
  boolean checkpointing;

  @ArgGroup(exclusive = true)
  OriginOptions originOptions = new OriginOptions();

  @Option(
      names = "--reset-ema",
      description =
          "Let the averaged weights start anew from the trained ones. A run does so once: where the"
              + " option is first given.")
  boolean resetAverage;

  @Option(
      names = "--accept-classes",
      description =
          "Go on although the classes of the data are not those of the checkpoint: by number, they"
              + " have other names.")
  boolean acceptClasses;

  @Option(
      names = "--sample-every",
      paramLabel = "N",
      description = "Steps between grids of samples, 0 for none (default: ${DEFAULT-VALUE}).")
  int sampleEvery = Intervals.DEFAULT.sampleEvery();

  @Option(
      names = "--sample-count",
      paramLabel = "N",
      description = "Images in such a grid (default: ${DEFAULT-VALUE}).")
  int sampleCount = Intervals.DEFAULT.sampleCount();

  @Option(
      names = "--save-every",
      paramLabel = "N",
      description = "Steps between checkpoints (default: ${DEFAULT-VALUE}).")
  int saveEvery = Intervals.DEFAULT.saveEvery();

  @Option(
      names = "--keep",
      paramLabel = "N",
      description = "Checkpoints to keep (default: ${DEFAULT-VALUE}).")
  int keep = Intervals.DEFAULT.keep();

  @Option(
      names = "--tensorboard",
      description =
          "Write losses, rates, memory and sample grids for TensorBoard into the run folder; look"
              + " at them with: tensorboard --logdir RUNS")
  boolean tensorBoard;

  @Spec CommandSpec spec;

  /** What a new run starts from. */
  static final class OriginOptions {
    @Option(
        names = "--resume",
        paramLabel = "FILE",
        description = "Start a new run from a training checkpoint, with its optimiser and step.")
    Path resume;

    @Option(
        names = "--init",
        paramLabel = "FILE",
        description = "Start a new run with the weights of any checkpoint: fine-tuning.")
    Path init;

    Origin origin() {
      if (resume != null) {
        return new Origin.Checkpoint(resume);
      }
      return init != null ? new Origin.Weights(init) : new Origin.Run();
    }
  }

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    RunFolder folder = RunFolder.named(runs, name);
    Path file = configFile(folder);
    Config config = Config.load(file);
    if (data != null) {
      config = withLocation(config, data);
    }
    config.dataset().requireTrainable();
    Optional<HoldOut> holdOut = validation.holdOut(folder);
    TrainSettings settings = settings(holdOut);
    requireArrays(config.model());
    compute.apply(spec.commandLine().getOut());
    try (TrainingData images = ValidationOptions.open(config, location(config, file), holdOut)) {
      holdOut.ifPresent(held -> HoldOutRecord.write(folder, held));
      out.println(introduction(config, images, folder));
      out.flush();
      TrainingSession.Outcome outcome =
          TrainingSession.run(
              out,
              spec.commandLine().getErr(),
              config,
              images,
              folder,
              settings,
              originOptions.origin(),
              Optional.empty(),
              observer(config, folder, settings));
      outcome.checkpoint().ifPresent(checkpoint -> printNext(out, folder, checkpoint));
    }
  }

  private TrainingListener observer(Config config, RunFolder folder, TrainSettings settings) {
    return tensorBoard
        ? new TensorBoardListener(
            folder, settings.validation().levelsFor(config.model().diffusion()).names())
        : TrainingListener.NONE;
  }

  private Path configFile(RunFolder folder) {
    if (configFile != null) {
      return configFile;
    }
    if (Files.exists(folder.config())) {
      return folder.config();
    }
    throw new InputException(
        "There is no run %s yet; give the config of a new one with --config."
            .formatted(folder.path()));
  }

  static Config withLocation(Config config, Path location) {
    DatasetConfig moved = config.dataset().withLocation(location.toString());
    return new Config(
        config.model(), moved, config.optimizer(), config.lrSchedule(), config.emaSchedule());
  }

  /** As it stands, beside the config, or, for the configs that ship, in the folder of Hourglass. */
  static Path location(Config config, Path configFile) {
    Path location = Path.of(config.dataset().location());
    Stream<Path> places =
        Stream.concat(
            Stream.of(location, configFile.toAbsolutePath().resolveSibling(location)),
            Launcher.homeIfKnown().map(home -> home.resolve(location)).stream());
    return places.filter(Files::exists).findFirst().orElse(location);
  }

  private TrainSettings settings(Optional<HoldOut> holdOut) {
    return new TrainSettings(
        steps,
        seed == null ? OptionalLong.empty() : OptionalLong.of(seed),
        new Batching(batchSize, accumulation, checkpointing),
        compute.choice(),
        learningRate == null ? OptionalDouble.empty() : OptionalDouble.of(learningRate),
        new Restart(resetAverage, acceptClasses),
        new Intervals(sampleEvery, sampleCount, saveEvery, keep),
        validation.validating(holdOut));
  }

  /** A batch is one Java array. */
  private void requireArrays(ModelConfig model) {
    double pixels = (double) batchSize * model.inputChannels() * model.inputSize().area();
    if (pixels > Integer.MAX_VALUE || (double) batchSize * accumulation > Integer.MAX_VALUE) {
      throw new InputException(
          "A batch of %d images of %s, %d times a step, is too large; choose a smaller --batch-size or --accumulate."
              .formatted(batchSize, model.inputSize(), accumulation));
    }
  }

  private static String introduction(Config config, TrainingData images, RunFolder folder) {
    ModelConfig model = config.model();
    return "%s: a model of %,d parameters for %s pixels, %,d images%s%s."
        .formatted(
            folder.path(),
            ModelCost.of(model, model.inputSize()).parameters(),
            model.inputSize(),
            images.images().size(),
            model.numClasses() == 0 ? "" : " in %d classes".formatted(model.numClasses()),
            images
                .heldOut()
                .map(held -> ", and %,d to validate on".formatted(held.images().size()))
                .orElse(""));
  }

  private void printNext(PrintWriter out, RunFolder folder, Path checkpoint) {
    out.println("The losses are in %s.".formatted(folder.metrics()));
    if (tensorBoard) {
      out.println("TensorBoard shows them by: tensorboard --logdir %s".formatted(runs));
    }
    out.println("Next:");
    out.println(
        "  "
            + Launcher.command(
                "sample", "--checkpoint", checkpoint, "--grid", folder.path().resolve("grid.png")));
    out.println(
        "  "
            + Launcher.command(
                "convert", checkpoint, "--out", folder.path().resolve("model.safetensors")));
    out.flush();
  }
}
