package dev.hourglass.cli;

import dev.hourglass.cli.evaluate.ClassPlan;
import dev.hourglass.cli.evaluate.Compared;
import dev.hourglass.cli.evaluate.DataDigest;
import dev.hourglass.cli.evaluate.EvaluationReport;
import dev.hourglass.cli.evaluate.Extraction;
import dev.hourglass.cli.evaluate.FittedImages;
import dev.hourglass.cli.evaluate.LabelledCell;
import dev.hourglass.cli.evaluate.LossMeasurement;
import dev.hourglass.cli.evaluate.LossOptions;
import dev.hourglass.cli.evaluate.ModelScores;
import dev.hourglass.cli.evaluate.OutputOptions;
import dev.hourglass.cli.evaluate.PixelDistances;
import dev.hourglass.cli.evaluate.ProgressWatch;
import dev.hourglass.cli.evaluate.Provenance;
import dev.hourglass.cli.evaluate.Reference;
import dev.hourglass.cli.evaluate.ReferenceOptions;
import dev.hourglass.cli.evaluate.Result;
import dev.hourglass.cli.evaluate.SampledFeatures;
import dev.hourglass.cli.sweep.RunAverages;
import dev.hourglass.config.DatasetConfig;
import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.evaluation.Score;
import dev.hourglass.evaluation.Scores;
import dev.hourglass.evaluation.features.FeatureExtractor;
import dev.hourglass.evaluation.store.FeatureStatistics;
import dev.hourglass.evaluation.store.SavedStatistics;
import dev.hourglass.ops.Ops;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.sampling.SampleRequest;
import dev.hourglass.sampling.SampleSettings;
import dev.hourglass.sampling.sweep.Sweep;
import dev.hourglass.sampling.sweep.SweepAxis;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hourglass evaluate}. */
@Command(
    name = "evaluate",
    sortOptions = false,
    description = {
      "Compares images with real ones: FID, KID, precision, recall, density, coverage and, where"
          + " the features have logits, Inception Score, each with its standard error.",
      "The images are drawn from a checkpoint, or lie in a folder. With --out, a run that was"
          + " stopped goes on when the same command is given again, to the same numbers."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hourglass evaluate --checkpoint model.safetensors --data photos -n 5000 --out fid.json",
      "  hourglass evaluate --images out --data photos --neighbours closest.png",
      "  hourglass evaluate --checkpoint model.safetensors --sweep guidance=1,1.5,2 --sweep"
          + " steps=10,50",
      "  hourglass evaluate --checkpoint model.safetensors --features inception.pt --preprocess"
          + " inception",
      "  hourglass evaluate --checkpoint model.safetensors -n 5000 --save-stats a.safetensors",
      "  hourglass evaluate --checkpoint model.safetensors --loss --held-out 0.1",
      "  hourglass evaluate --merge-stats a.safetensors b.safetensors --data photos"
    })
final class EvaluateCommand implements Runnable {

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "The model to draw with: a checkpoint of train or convert, or the authors'.")
  Path checkpoint;

  @Option(
      names = "--images",
      paramLabel = "DIR",
      description = "A folder of images, in place of a checkpoint.")
  Path images;

  @Option(
      names = "--merge-stats",
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Files of --save-stats, in place of a checkpoint: the images of all of them together. FID"
              + " only.")
  List<Path> mergedFiles = List.of();

  @Mixin ReferenceOptions reference;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many images to draw (default: ${DEFAULT-VALUE}).")
  int count;

  @Option(
      names = "--first-index",
      paramLabel = "I",
      defaultValue = "0",
      description =
          "Index of the first image; other machines draw other indices (default:"
              + " ${DEFAULT-VALUE}).")
  long firstIndex;

  @Option(
      names = "--classes",
      paramLabel = "data|uniform",
      defaultValue = "data",
      description =
          "Draw classes at random as often as the data have them, or all in turn (default:"
              + " ${DEFAULT-VALUE}).")
  ClassPlan.Kind classes;

  @Option(
      names = "--vector",
      paramLabel = "X,...",
      defaultValue = "",
      description = "The vector of a model that is conditioned on one.")
  String vector;

  @Mixin GuideOption guide;

  @Mixin SamplingOptions sampling;

  @Option(
      names = "--sweep",
      paramLabel = "NAME=X,...",
      description =
          "Draw the same images with each of these values, a second --sweep with all pairs; names"
              + " as in sample --sweep.")
  List<String> sweeps = List.of();

  @Mixin OutputOptions output;

  @Mixin LossOptions loss;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "16",
      description =
          "Images drawn at once; without effect on them beyond rounding (default:"
              + " ${DEFAULT-VALUE}).")
  int batchSize;

  @Mixin ComputeOptions compute;

  @Spec CommandSpec spec;

  @Override
  public void run() {
    check();
    if (loss.wanted()) {
      measureLoss();
      return;
    }
    try (FeatureExtractor extractor = reference.choice().open();
        ProgressWatch watch = new ProgressWatch(out())) {
      if (checkpoint != null) {
        evaluateModel(extractor, watch);
      } else if (images != null) {
        evaluateFolder(extractor, watch);
      } else {
        evaluateMerged(extractor, watch);
      }
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private void check() {
    reference.check();
    long given =
        List.of(checkpoint != null, images != null, !mergedFiles.isEmpty()).stream()
            .filter(is -> is)
            .count();
    if (given != 1) {
      throw new InputException(
          "Give one of --checkpoint, --images and --merge-stats: what is to be compared with the"
              + " real images.");
    }
    if (checkpoint == null && reference.data == null && !output.savesStatistics()) {
      throw new InputException("--data is missing: the real images to compare with.");
    }
    if (count < 2 || batchSize < 1 || firstIndex < 0) {
      throw new InputException(
          "A comparison needs at least 2 images (-n %d), 1 at once (--batch-size %d) and indices from 0 on (--first-index %d)."
              .formatted(count, batchSize, firstIndex));
    }
    if (loss.wanted()
        && (checkpoint == null
            || !sweeps.isEmpty()
            || output.showsNeighbours()
            || output.savesStatistics())) {
      throw new InputException(
          "--loss measures a --checkpoint on real images, and draws none; leave out --images,"
              + " --merge-stats, --sweep, --neighbours and --save-stats.");
    }
    if (reference.pixels && (images == null || reference.data == null)) {
      throw new InputException(
          "--pixels compares --images with --data; draw a folder of images with sample first.");
    }
    if (!sweeps.isEmpty()
        && (checkpoint == null || output.showsNeighbours() || output.savesStatistics())) {
      throw new InputException(
          "--sweep draws several sets of images from a --checkpoint; leave out --neighbours and"
              + " --save-stats.");
    }
    if (output.showsNeighbours() && (!mergedFiles.isEmpty() || noData())) {
      throw new InputException("--neighbours needs images and real images; give both.");
    }
  }

  private boolean noData() {
    return checkpoint == null && reference.data == null;
  }

  private void measureLoss() {
    ModelFile model = ModelFile.open(checkpoint);
    Path location =
        reference.data == null ? TrainCommand.location(model.config(), checkpoint) : reference.data;
    Ops ops = compute.apply(out());
    try (ProgressWatch watch = new ProgressWatch(out())) {
      EvaluationReport report =
          new LossMeasurement(model, loss, location, reference.type, count)
              .run(
                  ops,
                  batchSize,
                  Versions.hourglass(),
                  spec.commandLine().getParseResult().originalArgs(),
                  watch);
      watch.end();
      output.finish(report, out());
    }
  }

  private void evaluateModel(FeatureExtractor extractor, ProgressWatch watch) {
    SampleSettings settings = sampling.settings();
    List<LabelledCell> cells =
        sweeps.isEmpty()
            ? LabelledCell.single(settings)
            : LabelledCell.of(new Sweep(settings, sweeps.stream().map(SweepAxis::parse).toList()));
    guide.requireAsked(cells.stream().map(cell -> cell.cell().settings()).toList());
    ModelFile model = ModelFile.open(checkpoint);
    Optional<ModelFile> weaker = guide.model();
    Size size = settings.size().orElse(model.config().model().inputSize());
    FittedImages.Format format =
        new FittedImages.Format(size, model.config().model().inputChannels(), reference.fit);
    Path location =
        reference.data == null ? TrainCommand.location(model.config(), checkpoint) : reference.data;
    Ops ops = compute.apply(out());
    Extraction extraction = Extraction.of(extractor, format);
    try (FittedImages data =
        FittedImages.open(reference.dataset(model.config().dataset()), location, format)) {
      data.report().forEach(out()::println);
      ClassPlan plan = ClassPlan.of(classes, model, data, sampling.seed);
      SampledFeatures samples =
          new SampledFeatures(
              new SampleRequest(firstIndex, count, batchSize, List.of(), Converters.floats(vector)),
              plan,
              extraction);
      Map<String, Object> words = describe(model, weaker, plan);
      Map<String, String> determining = texts(words, plan, extractor);
      try (ModelScores scores = new ModelScores(samples, cells, determining, output.file(), watch);
          Reference real =
              Reference.of(data, reference.count(), extraction, reference.cache(), watch)) {
        Map<String, Object> context = context(extractor);
        context.put("data", real.words());
        context.put("samples", words);
        List<Result> results =
            scores.compute(
                real.features(),
                average ->
                    average.isEmpty()
                        ? GuideOption.load(model, weaker, ops)
                        : RunAverages.of(model)
                            .generator(
                                average.getAsDouble(),
                                other -> GuideOption.load(other, weaker, ops)),
                reference.resamples(),
                drawn -> {
                  output.save(drawn, extractor, DataDigest.ofText(determining.toString()), watch);
                  output.show(real, drawn, context, software(), watch);
                });
        watch.end();
        output.finish(new EvaluationReport(context, results), out());
        scores.forget();
      }
    }
  }

  private void evaluateFolder(FeatureExtractor extractor, ProgressWatch watch) {
    compute.apply(out());
    DatasetConfig folder = ReferenceOptions.folder();
    FittedImages.Format first = FittedImages.formatOf(folder, images, reference.fit);
    FittedImages.Format format =
        sampling.size == null
            ? first
            : new FittedImages.Format(sampling.size, first.channels(), reference.fit);
    Extraction extraction = Extraction.of(extractor, format);
    Map<String, Object> context = context(extractor);
    try (FittedImages set = FittedImages.open(folder, images, format);
        Reference given =
            Reference.of(set, Integer.MAX_VALUE, extraction, reference.cache(), watch)) {
      Compared compared = given.compared();
      output.save(compared, extractor, given.digest(), watch);
      if (noData()) {
        return;
      }
      try (FittedImages data = FittedImages.open(reference.dataset(), reference.data, format);
          Reference real =
              Reference.of(data, reference.count(), extraction, reference.cache(), watch)) {
        context.put("data", real.words());
        context.put("images", given.words());
        output.show(real, compared, context, software(), watch);
        List<Score> scores =
            new ArrayList<>(
                Scores.of(
                    real.features().features(),
                    given.features().features(),
                    reference.resamples()));
        if (reference.pixels) {
          scores.addAll(new PixelDistances(data, set, watch).scores());
        }
        Result result = new Result(Map.of(), scores);
        watch.end();
        output.finish(new EvaluationReport(context, List.of(result)), out());
      }
    }
  }

  private void evaluateMerged(FeatureExtractor extractor, ProgressWatch watch) {
    SavedStatistics merged = SavedStatistics.merged(mergedFiles);
    output.save(merged, watch);
    if (noData()) {
      return;
    }
    merged.requireExtractor(mergedFiles.getFirst(), extractor.name(), extractor.digest());
    compute.apply(out());
    DatasetConfig dataset = reference.dataset();
    FittedImages.Format first = FittedImages.formatOf(dataset, reference.data, reference.fit);
    FittedImages.Format format =
        sampling.size == null
            ? first
            : new FittedImages.Format(sampling.size, first.channels(), reference.fit);
    Map<String, Object> context = context(extractor);
    try (FittedImages data = FittedImages.open(dataset, reference.data, format);
        Reference real =
            Reference.of(
                data,
                reference.count(),
                Extraction.of(extractor, format),
                reference.cache(),
                watch)) {
      context.put("data", real.words());
      context.put(
          "merged",
          new TreeMap<>(Map.of("sets", merged.sets(), "images", merged.statistics().images())));
      Result result =
          new Result(
              Map.of(),
              Scores.of(
                  FeatureStatistics.of(real.features().features().features()).gaussian(),
                  merged.statistics().gaussian()));
      watch.end();
      output.finish(new EvaluationReport(context, List.of(result)), out());
    }
  }

  private Map<String, Object> context(FeatureExtractor extractor) {
    return Provenance.of(
        Versions.hourglass(),
        spec.commandLine().getParseResult().originalArgs(),
        extractor,
        reference.resamples());
  }

  private static String software() {
    return "Hourglass " + Versions.hourglass();
  }

  private Map<String, Object> describe(
      ModelFile model, Optional<ModelFile> guideModel, ClassPlan plan) {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put("model", model.digest());
    words.put("checkpoint", checkpoint.getFileName().toString());
    words.putAll(sampling.describe(model.config().model().inputSize()));
    guideModel.ifPresent(weaker -> words.put("guide", weaker.digest()));
    words.put("precision", compute.precisionName());
    words.put("kernels", compute.kernels.name().toLowerCase(Locale.ROOT));
    words.put("first_index", firstIndex);
    words.put("images", count);
    words.put("batch_size", batchSize);
    words.put("classes", plan.text());
    if (!vector.isBlank()) {
      words.put("vector", Converters.floats(vector));
    }
    return words;
  }

  /** What features depend on, for the file of unfinished work. */
  private static Map<String, String> texts(
      Map<String, Object> samples, ClassPlan plan, FeatureExtractor extractor) {
    Map<String, String> texts = new LinkedHashMap<>();
    samples.forEach((key, value) -> texts.put(key, value.toString()));
    texts.put("classes", plan.text() + " " + DataDigest.ofText(plan.toString()));
    texts.put("extractor", extractor.digest());
    return texts;
  }
}
