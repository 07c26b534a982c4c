package dev.hourglass.cli;

import dev.hourglass.cli.likelihood.MeasuredImages;
import dev.hourglass.cli.likelihood.Measurement;
import dev.hourglass.cli.likelihood.ResultFile;
import dev.hourglass.cli.likelihood.Summary;
import dev.hourglass.cli.report.Progress;
import dev.hourglass.core.InputException;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.diffusion.ode.ImageDensity;
import dev.hourglass.diffusion.ode.Tolerance;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.Precision;
import dev.hourglass.sampling.ImageLikelihood;
import dev.hourglass.sampling.LabelledImage;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.training.validation.HoldOut;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hourglass likelihood}. */
@Command(
    name = "likelihood",
    sortOptions = false,
    description = {
      "Measures how likely a model finds images: bits per dimension, by the probability-flow ODE.",
      "Takes a random sample of a data set. A run with --out that was stopped goes on when the same"
          + " command is given again. Computes in fp32 unless told otherwise."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hourglass likelihood --checkpoint model.safetensors --data data/test -n 256 --out nll.csv",
      "  hourglass likelihood --checkpoint model.safetensors --data photos \\",
      "      --data-type imagefolder --no-class --fit"
    })
final class LikelihoodCommand implements Runnable {

  @Option(
      names = "--checkpoint",
      required = true,
      paramLabel = "FILE",
      description = "A checkpoint of train or convert, or one of the authors'.")
  Path checkpoint;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = "The images (default: the config's dataset.location: what it was trained on).")
  Path data;

  @Option(
      names = "--data-type",
      paramLabel = "TYPE",
      defaultValue = "",
      description =
          "How they are stored: imagefolder, tar, ... (default: the config's dataset.type).")
  String type;

  @Option(
      names = "--held-out",
      paramLabel = "SHARE",
      description =
          "Measure only the images that train --validate SHARE held out of these (default: all).")
  String heldOut;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      defaultValue = "64",
      description =
          "How many images, at most all; the sample for a larger N holds that for a smaller one"
              + " (default: ${DEFAULT-VALUE}).")
  int count;

  @Option(
      names = "--no-class",
      description =
          "Measure without the images' classes, as a model that was trained with some dropped can.")
  boolean noClass;

  @Option(
      names = "--fit",
      description = "Resize and convert images of another size or colour, as train does.")
  boolean fit;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "0",
      description =
          "Seed of the sample of images and of the estimate of the divergence (default:"
              + " ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--rtol",
      paramLabel = "X",
      description = "Relative tolerance of the solver (default: ${DEFAULT-VALUE}).")
  double rtol = Tolerance.DEFAULT.rtol();

  @Option(
      names = "--atol",
      paramLabel = "X",
      description = "Absolute tolerance of the solver (default: ${DEFAULT-VALUE}).")
  double atol = Tolerance.DEFAULT.atol();

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "8",
      description = "Images computed at once; without effect on them (default: ${DEFAULT-VALUE}).")
  int batchSize;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "CSV file with a line for each image; without it, only the mean is shown.")
  Path file;

  @Mixin ComputeOptions compute;

  @Spec CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    if (count < 1 || batchSize < 1) {
      throw new InputException(
          "The number of images and the batch size must be at least 1, not %d and %d."
              .formatted(count, batchSize));
    }
    Tolerance tolerance = new Tolerance(rtol, atol);
    ModelFile model = ModelFile.open(checkpoint);
    if (compute.precision == Precision.AUTO) {
      // The solver takes the steps of bf16's rounding for the model's.
      compute.precision = Precision.FP32;
    }
    Path location = data == null ? TrainCommand.location(model.config(), checkpoint) : data;
    try (MeasuredImages images =
        MeasuredImages.open(model, location, type, heldOut(), noClass, fit)) {
      Optional<ResultFile> result =
          Optional.ofNullable(file)
              .map(path -> ResultFile.open(path, settings(model, images, location)));
      Ops ops = compute.apply(out);
      images.report().forEach(out::println);
      out.println(introduction(images, location));
      out.flush();
      try (ImageLikelihood likelihood = new ImageLikelihood(model, ops);
          Progress progress = new Progress(out, "likelihood")) {
        new Run(images, likelihood, tolerance, result, progress).measure();
      }
    }
  }

  private double heldOut() {
    return heldOut == null ? 0 : HoldOut.share(heldOut, "--held-out");
  }

  /** What the numbers depend on. */
  private Map<String, String> settings(ModelFile model, MeasuredImages images, Path location) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("model", model.digest());
    settings.put("data", location.toString());
    settings.put("images in the set", Integer.toString(images.size()));
    if (heldOut != null) {
      settings.put("held out", Double.toString(heldOut()));
    }
    settings.put("classes", Boolean.toString(images.withClasses()));
    settings.put("seed", Long.toString(seed));
    settings.put("rtol", Double.toString(rtol));
    settings.put("atol", Double.toString(atol));
    settings.put("precision", compute.precisionName());
    return settings;
  }

  private String introduction(MeasuredImages images, Path location) {
    return "%,d of the %,d images of %s, %s."
        .formatted(
            Math.min(count, images.size()),
            images.size(),
            location,
            images.withClasses() ? "each under its class" : "without classes");
  }

  /** The measurement of the images that are not measured yet. */
  private final class Run {

    private final MeasuredImages images;
    private final ImageLikelihood likelihood;
    private final Tolerance tolerance;
    private final Optional<ResultFile> result;
    private final Progress progress;
    private final List<Measurement> done;
    private final Deque<Integer> waiting;
    private int wanted;

    Run(
        MeasuredImages images,
        ImageLikelihood likelihood,
        Tolerance tolerance,
        Optional<ResultFile> result,
        Progress progress) {
      this.images = images;
      this.likelihood = likelihood;
      this.tolerance = tolerance;
      this.result = result;
      this.progress = progress;
      this.done = new ArrayList<>(result.map(ResultFile::done).orElse(List.of()));
      this.wanted = Math.min(count, images.size());
      Set<Integer> measured =
          done.stream().map(Measurement::index).collect(Collectors.toUnmodifiableSet());
      this.waiting =
          Arrays.stream(images.order(seed))
              .filter(index -> !measured.contains(index))
              .boxed()
              .collect(Collectors.toCollection(ArrayDeque::new));
    }

    void measure() {
      if (!done.isEmpty()) {
        progress.note("%d images are measured already.".formatted(done.size()));
      }
      int before = done.size();
      progress.begin(before, wanted);
      while (done.size() < wanted) {
        List<LabelledImage> batch = nextBatch();
        if (batch.isEmpty()) {
          break;
        }
        List<ImageDensity> densities =
            likelihood.of(batch, tolerance, seed, share -> showShare(before, share * batch.size()));
        List<Measurement> measurements = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
          int index = (int) batch.get(i).index();
          measurements.add(
              new Measurement(
                  index, images.name(index), batch.get(i).classNumber(), densities.get(i)));
        }
        result.ifPresent(csv -> csv.add(measurements));
        done.addAll(measurements);
      }
      finish();
    }

    /** Images that cannot be read are named, and others of the set take their place. */
    private List<LabelledImage> nextBatch() {
      List<LabelledImage> batch = new ArrayList<>();
      while (batch.size() < Math.min(batchSize, wanted - done.size()) && !waiting.isEmpty()) {
        try {
          batch.add(images.read(waiting.poll()));
        } catch (CorruptImageException e) {
          progress.note("Skipped %s: %s.".formatted(e.imageName(), e.reason()));
        }
      }
      return batch;
    }

    private void showShare(int before, double ofBatch) {
      double images = done.size() + ofBatch;
      progress.update(
          (long) images, wanted, "%.2f images/s".formatted((images - before) / progress.seconds()));
    }

    private void finish() {
      wanted = Math.min(wanted, done.size());
      if (wanted == 0) {
        throw new InputException("No image of the set can be read; give other --data.");
      }
      progress.note(Summary.of(done.subList(0, wanted)).toString());
      result.ifPresent(
          csv -> {
            csv.finish(wanted);
            progress.note(file.toString());
          });
    }
  }
}
