package dev.hourglass.cli;

import dev.hourglass.cli.edit.AnimationFile;
import dev.hourglass.cli.edit.AnimationOptions;
import dev.hourglass.cli.edit.EditOptions;
import dev.hourglass.cli.latents.LatentOptions;
import dev.hourglass.cli.report.Progress;
import dev.hourglass.cli.sweep.RunAverages;
import dev.hourglass.cli.sweep.SampleSweep;
import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.ode.FlowMethod;
import dev.hourglass.ops.Ops;
import dev.hourglass.sampling.GeneratedImage;
import dev.hourglass.sampling.ImageGenerator;
import dev.hourglass.sampling.Latents;
import dev.hourglass.sampling.ModelFile;
import dev.hourglass.sampling.SampleRequest;
import dev.hourglass.sampling.SampleSettings;
import dev.hourglass.sampling.denoise.Evaluations;
import dev.hourglass.sampling.picture.ImageGrid;
import dev.hourglass.sampling.picture.PngFile;
import dev.hourglass.sampling.sweep.Cell;
import dev.hourglass.sampling.sweep.Sweep;
import dev.hourglass.sampling.sweep.SweepAxis;
import java.awt.image.BufferedImage;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code hourglass sample}. */
@Command(
    name = "sample",
    sortOptions = false,
    description = {
      "Draws images with a trained model.",
      "An image depends on the checkpoint, the settings, the seed and its index alone, and its PNG"
          + " file says all of them in the text chunk \"hourglass\"."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hourglass sample --checkpoint model.safetensors -n 64 --grid grid.png --no-images",
      "  hourglass sample --checkpoint model.safetensors --class dress,coat --guidance 2 --out out",
      "  hourglass sample --checkpoint model.safetensors --sampler dpmpp-2m-sde-midpoint --eta 0.5"
          + " --steps 25",
      "  hourglass sample --checkpoint model.safetensors -n 4 --sweep guidance=1,1.5,2,3"
          + " --sweep steps=10,25,50 --grid sweep.png",
      "  hourglass sample --checkpoint model.safetensors --guidance 2 --guidance-interval 0.3,5",
      "  hourglass sample --checkpoint model.safetensors --guide early.safetensors --guidance 1.5",
      "  hourglass sample --checkpoint model.safetensors --invert photo.png --class dress --out z",
      "  hourglass sample --checkpoint model.safetensors --latents z --class coat",
      "  hourglass sample --checkpoint model.safetensors --init-image photo.png --strength 0.5"
          + " --class dress",
      "  hourglass sample --checkpoint model.safetensors --init-image photo.png --mask mask.png"
          + " --resample 4 --class dress",
      "  hourglass sample --checkpoint model.safetensors --init-image small.png --upscale 4"
          + " --class dress",
      "  hourglass sample --checkpoint model.safetensors --interpolate 3,8 --class dress,coat"
          + " --frames 24 --animate way.gif"
    })
final class SampleCommand implements Runnable {

  private static final JsonMapper JSON = new JsonMapper();

  @Option(
      names = "--checkpoint",
      required = true,
      paramLabel = "FILE",
      description = "A checkpoint of train or convert, or one of the authors'.")
  Path checkpoint;

  @Mixin GuideOption guide;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      defaultValue = "16",
      description = "How many images (default: ${DEFAULT-VALUE}).")
  int count;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "out",
      description =
          "Folder of the image files, or with --invert the file to write (default:"
              + " ${DEFAULT-VALUE}).")
  Path folder;

  @Option(names = "--grid", paramLabel = "FILE", description = "One PNG file with all images.")
  Path gridFile;

  @Option(
      names = "--sweep",
      paramLabel = "NAME=X,...",
      description = {
        "Draw the same images with each of these values into one labelled picture, the --grid, in"
            + " columns; a second --sweep makes rows.",
        "One of guidance, guidance-interval (LOW:HIGH), steps, schedule, sampler, eta, and"
            + " sigma-rel, the length of the average of weights, in a run with snapshots (see ema)."
      })
  List<String> sweeps = List.of();

  @Option(names = "--no-images", description = "Write the grid only.")
  boolean noImages;

  @Option(
      names = "--class",
      paramLabel = "CLASS,...",
      description =
          "Names or numbers of classes, taken in turn (default: all); a name with a comma stands in"
              + " double quotes: '\"Food, Drink\",dress'.")
  List<String> classes = List.of();

  @Option(
      names = "--vector",
      paramLabel = "X,...",
      defaultValue = "",
      description = "The vector of a model that is conditioned on one.")
  String vector;

  @Mixin SamplingOptions sampling;

  @Mixin LatentOptions latents;

  @Mixin EditOptions edit;

  @Mixin AnimationOptions animation;

  @Option(
      names = "--first-index",
      paramLabel = "I",
      defaultValue = "0",
      description =
          "Index of the first image; other indices give other images of the same seed (default:"
              + " ${DEFAULT-VALUE}).")
  long firstIndex;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "16",
      description = "Images drawn at once; without effect on them (default: ${DEFAULT-VALUE}).")
  int batchSize;

  @Mixin ComputeOptions compute;

  @Spec CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    requireOneOrigin();
    if (latents.inverting()) {
      invert(out);
      return;
    }
    if (noImages && gridFile == null && !animation.isWanted()) {
      throw new InputException(
          "--no-images without --grid FILE leaves nothing to write; give a grid.");
    }
    Optional<Latents> given = latents.drawing() ? Optional.of(latents.read()) : Optional.empty();
    given.ifPresent(noise -> adopt(noise.description()));
    if (animation.interpolates()) {
      sampling.seed = animation.firstSeed();
    }
    SampleSettings settings = sampling.settings();
    ModelFile model = ModelFile.open(checkpoint);
    SampleRequest request = request(model, given, settings);
    count = request.count();
    requireArrays(model, settings);
    Ops ops = compute.apply(out);
    Optional<ModelFile> guideModel = guide.model();
    if (!sweeps.isEmpty()) {
      sweep(model, guideModel, settings, request, ops);
      return;
    }
    guide.requireAsked(List.of(settings));
    draw(model, guideModel, settings, request, ops);
  }

  /** Images are made from one thing. */
  private void requireOneOrigin() {
    latents.check();
    List<String> origins = new ArrayList<>();
    if (latents.inverting()) {
      origins.add("--invert");
    }
    if (latents.drawing()) {
      origins.add("--latents");
    }
    if (edit.isGiven()) {
      origins.add("--init-image");
    }
    if (animation.interpolates()) {
      origins.add("--interpolate");
    }
    if (origins.size() > 1) {
      throw new InputException(
          "%s start from different things; give one of them."
              .formatted(String.join(" and ", origins)));
    }
    if (animation.isWanted() && (latents.inverting() || !sweeps.isEmpty())) {
      throw new InputException(
          "--animate shows images being drawn; leave it out with --invert and --sweep.");
    }
  }

  private void draw(
      ModelFile model,
      Optional<ModelFile> guideModel,
      SampleSettings settings,
      SampleRequest request,
      Ops ops) {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, Object> description = describe(model, guideModel);
    List<GeneratedImage> forGrid = new ArrayList<>();
    AnimationFile animated = animation.animation();
    long start = System.nanoTime();
    Evaluations evaluations;
    try (ImageGenerator generator = GuideOption.load(model, guideModel, ops);
        Progress progress = new Progress(out, "draw")) {
      generator
          .evaluations(request, settings)
          .ifPresent(each -> out.println(evaluations(each) + " for each image."));
      out.flush();
      evaluations =
          generator.generate(
              request,
              settings,
              new SampleProgress(progress, count, animated::add),
              image -> {
                image.requireFinite();
                if (!noImages) {
                  progress.note(writeImage(model, image, description).toString());
                }
                if (gridFile != null) {
                  forGrid.add(image);
                }
                animated.add(Math.toIntExact(image.index() - firstIndex), image);
              });
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (gridFile != null) {
      PngFile.write(gridFile, ImageGrid.of(forGrid, model.classNames()), texts(description));
      out.println(gridFile);
    }
    animated.write().ifPresent(out::println);
    out.println(
        "%d images, %.2f s each; %s.".formatted(count, seconds / count, evaluations(evaluations)));
    out.flush();
  }

  private void sweep(
      ModelFile model,
      Optional<ModelFile> guideModel,
      SampleSettings settings,
      SampleRequest request,
      Ops ops) {
    if (gridFile == null) {
      throw new InputException("--sweep draws one picture; say where with --grid FILE.");
    }
    Sweep sweep = new Sweep(settings, sweeps.stream().map(SweepAxis::parse).toList());
    guide.requireAsked(sweep.cells().stream().map(Cell::settings).toList());
    PrintWriter out = spec.commandLine().getOut();
    BufferedImage picture;
    try (Progress progress = new Progress(out, "draw")) {
      picture =
          new SampleSweep(sweep, request, new SampleProgress(progress, count))
              .draw(
                  sigmaRel ->
                      sigmaRel.isEmpty()
                          ? GuideOption.load(model, guideModel, ops)
                          : RunAverages.of(model)
                              .generator(
                                  sigmaRel.getAsDouble(),
                                  file -> GuideOption.load(file, guideModel, ops)));
    }
    Map<String, Object> words = describe(model, guideModel);
    words.put("sweep", sweeps);
    PngFile.write(gridFile, picture, texts(words));
    out.println(gridFile);
    out.flush();
  }

  /** Writes the noise of images instead of images. */
  private void invert(PrintWriter out) {
    latents.refuse(
        "--count",
        "--first-index",
        "--grid",
        "--no-images",
        "--size",
        "--sweep",
        "--guide",
        "--guidance-interval",
        "--sigmas");
    if (!latents.isGiven("--out")) {
      throw new InputException("--invert needs --out FILE, the file to write; give it.");
    }
    if (!latents.isGiven("--sampler")) {
      sampling.sampler = FlowMethod.HEUN.samplerName();
    }
    SampleSettings settings = sampling.settings();
    ModelFile model = ModelFile.open(checkpoint);
    SampleRequest request = request(model);
    Ops ops = compute.apply(out);
    try (ImageGenerator generator = ImageGenerator.load(model, ops);
        Progress progress = new Progress(out, "invert")) {
      Latents noise =
          latents.invert(
              model,
              generator,
              request,
              settings,
              sampling.scheduleName(),
              (done, total, first, n) ->
                  progress.update(done, total, "image %d to %d".formatted(first + 1, first + n)));
      noise.write(folder);
      progress.note("%s: the noise of %d images.".formatted(folder, noise.count()));
    }
  }

  /** Takes over what the noise was made with, where nothing else is given. */
  private void adopt(Latents.Description made) {
    latents.refuse("--count", "--first-index");
    if (!latents.isGiven("--sampler")) {
      sampling.sampler = made.sampler();
    }
    if (!latents.isGiven("--schedule") && !latents.isGiven("--sigmas")) {
      sampling.schedule = made.schedule();
    }
    if (!latents.isGiven("--steps") && !latents.isGiven("--sigmas")) {
      sampling.steps = made.steps();
    }
    if (!latents.isGiven("--guidance")) {
      sampling.guidance = made.guidance();
    }
  }

  private SampleRequest request(ModelFile model, Optional<Latents> given, SampleSettings settings) {
    SampleRequest asked = request(model);
    if (edit.isGiven()) {
      return edit.request(model, asked, settings);
    }
    if (animation.interpolates()) {
      return animation.request(asked);
    }
    return given.map(noise -> latents.request(noise, model, asked, settings)).orElse(asked);
  }

  private SampleRequest request(ModelFile model) {
    if (firstIndex < 0) {
      throw new InputException(
          "--first-index must not be negative, but is %d.".formatted(firstIndex));
    }
    return new SampleRequest(
        firstIndex,
        count,
        batchSize,
        classes.stream().flatMap(text -> model.classNumbers(text).stream()).toList(),
        Converters.floats(vector));
  }

  /** A batch is one Java array, with guidance of twice the images. */
  private void requireArrays(ModelFile model, SampleSettings settings) {
    Size size = settings.size().orElse(model.config().model().inputSize());
    double images = 2.0 * Math.min(batchSize, count);
    if (images * model.config().model().inputChannels() * size.area() > Integer.MAX_VALUE) {
      throw new InputException(
          "A batch of %d images of %s is too large; choose a smaller --batch-size."
              .formatted(batchSize, size));
    }
  }

  private Map<String, Object> describe(ModelFile model, Optional<ModelFile> guideModel) {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put("model", model.digest());
    words.put("checkpoint", checkpoint.getFileName().toString());
    words.putAll(sampling.describe(model.config().model().inputSize()));
    guideModel.ifPresent(weaker -> words.put("guide", weaker.digest()));
    words.put("precision", compute.precisionName());
    if (latents.drawing()) {
      words.put("latents", latents.fileName());
    }
    if (edit.isGiven()) {
      words.putAll(edit.describe());
    }
    words.putAll(animation.describe());
    if (!vector.isBlank()) {
      words.put("vector", Converters.floats(vector));
    }
    return words;
  }

  private Path writeImage(ModelFile model, GeneratedImage image, Map<String, Object> description) {
    Map<String, Object> words = new LinkedHashMap<>(description);
    words.put("index", image.index());
    image
        .classNumber()
        .ifPresent(
            number -> {
              words.put("class", number);
              words.put("class_name", model.className(number));
            });
    String stem =
        checkpoint
            .getFileName()
            .toString()
            .replaceFirst("\\.(safetensors(\\.index\\.json)?|pth?)$", "");
    Path file = folder.resolve(stem + "-" + sampling.seed + "-" + image.index() + ".png");
    PngFile.write(file, image.image(), texts(words));
    return file;
  }

  private static String evaluations(Evaluations count) {
    String main = "%,d evaluations of the model".formatted(count.main());
    if (count.guiding() == 0) {
      return main;
    }
    String guiding = ", %,d more for guidance".formatted(count.guiding());
    return count.saved() == 0
        ? main + guiding
        : main + guiding + " (its interval saves %,d)".formatted(count.saved());
  }

  private static Map<String, String> texts(Map<String, Object> words) {
    return Map.of(
        "Software",
        "Hourglass " + Versions.hourglass(),
        "hourglass",
        JSON.writeValueAsString(words));
  }
}
