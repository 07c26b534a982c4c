package dev.hourglass.sampling;

import dev.hourglass.compute.Compute;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.NoiseRange;
import dev.hourglass.diffusion.ode.Inversion;
import dev.hourglass.diffusion.samplers.Samplers;
import dev.hourglass.model.Parameters;
import dev.hourglass.ops.Ops;
import dev.hourglass.sampling.denoise.ClassMixture;
import dev.hourglass.sampling.denoise.Condition;
import dev.hourglass.sampling.denoise.Evaluations;
import dev.hourglass.sampling.denoise.Evaluator;
import dev.hourglass.sampling.denoise.GuidedModel;
import dev.hourglass.sampling.denoise.NetworkEvaluator;
import dev.hourglass.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Draws images from a model. Each image is a function of (weights, settings, seed, index), up to
 * rounding.
 */
public final class ImageGenerator implements AutoCloseable {

  private final ModelConfig model;
  private final GuidedModel models;
  private final Runnable onClose;

  private ImageGenerator(
      ModelConfig model, Evaluator main, Optional<Evaluator> guide, Runnable onClose) {
    this.model = model;
    this.models = new GuidedModel(main, guide, model.numClasses());
    this.onClose = onClose;
  }

  /** The generator of a checkpoint file, with its averaged weights. */
  public static ImageGenerator load(Path checkpoint) {
    return load(ModelFile.open(checkpoint), Compute.AUTO.ops());
  }

  /** The generator of a checkpoint file, computed by {@code ops}. */
  public static ImageGenerator load(ModelFile file, Ops ops) {
    ModelConfig model = file.config().model();
    Parameters weights = file.averagedWeights();
    return new ImageGenerator(
        model, new NetworkEvaluator(model, weights, ops), Optional.empty(), weights::close);
  }

  /**
   * A generator whose guidance is by a second, weaker model (autoguidance) in place of the first
   * one without its classes.
   *
   * @throws InputException if the guide draws other images than the model
   */
  public static ImageGenerator load(ModelFile file, ModelFile guide, Ops ops) {
    requireSameImages(file, guide);
    Parameters weights = file.averagedWeights();
    Parameters guideWeights = guide.averagedWeights();
    return new ImageGenerator(
        file.config().model(),
        new NetworkEvaluator(file.config().model(), weights, ops),
        Optional.of(new NetworkEvaluator(guide.config().model(), guideWeights, ops)),
        () -> {
          guideWeights.close();
          weights.close();
        });
  }

  /**
   * A generator whose model others evaluate.
   *
   * @param guide the weaker model of autoguidance
   */
  public static ImageGenerator evaluatedBy(
      Evaluator main, ModelConfig model, Optional<Evaluator> guide) {
    return new ImageGenerator(model, main, guide, () -> {});
  }

  /**
   * Checks that one model can guide another.
   *
   * @throws InputException if the guide draws other images than the model
   */
  public static void requireSameImages(ModelFile file, ModelFile guide) {
    String images = images(file.config().model());
    String guideImages = images(guide.config().model());
    if (!images.equals(guideImages)) {
      throw new InputException(
          "The guide %s is for %s, but %s for %s; choose a guide that was trained on the same images."
              .formatted(guide.path(), guideImages, file.path(), images));
    }
  }

  private static String images(ModelConfig model) {
    return "images of %s with %d channels, %d classes and %d numbers of conditioning"
        .formatted(
            model.inputSize(), model.inputChannels(), model.numClasses(), model.mappingCondDim());
  }

  /** A generator with weights that somebody else owns and may change between calls. */
  public static ImageGenerator borrowing(ModelConfig model, Parameters weights, Ops ops) {
    return evaluatedBy(new NetworkEvaluator(model, weights, ops), model, Optional.empty());
  }

  /** Draws {@code count} images with the settings of the paper, all classes in turn. */
  public List<GeneratedImage> generate(int count, long seed) {
    List<GeneratedImage> images = new ArrayList<>();
    generate(
        SampleRequest.of(count),
        SampleSettings.DEFAULT.withSeed(seed),
        SampleListener.NONE,
        images::add);
    return images;
  }

  /**
   * Draws images, batch by batch.
   *
   * @param consumer gets each image in order of its index, as soon as its batch is done
   * @return how often the models were evaluated
   * @throws InputException if the model cannot draw what is asked for
   */
  public Evaluations generate(
      SampleRequest request,
      SampleSettings settings,
      SampleListener listener,
      Consumer<GeneratedImage> consumer) {
    check(request, settings);
    BatchDrawing drawing = drawing(request, settings);
    int batchSize = drawing.sampler().couplesImages() ? 1 : request.batchSize();
    int batches = Math.ceilDiv(request.count(), batchSize);
    int steps = drawing.levels().length - 1;
    GuidedModel.Counter counter = new GuidedModel.Counter();
    for (int number = 0; number < batches; number++) {
      int from = number * batchSize;
      DrawnBatch batch =
          batch(request, settings, from, Math.min(batchSize, request.count() - from));
      BatchProgress progress =
          new BatchProgress(listener, (long) number * steps, (long) batches * steps, from);
      draw(drawing, batch, request, settings, counter, progress, consumer);
    }
    return counter.evaluations();
  }

  /**
   * Draws one of the images of a request, to the bit as it is drawn alone.
   *
   * @param place of the image among those requested, from 0
   * @param consumer gets the image
   * @throws InputException if the model cannot draw what is asked for
   */
  public Evaluations draw(
      SampleRequest request,
      SampleSettings settings,
      int place,
      SampleListener listener,
      Consumer<GeneratedImage> consumer) {
    check(request, settings);
    BatchDrawing drawing = drawing(request, settings);
    int steps = drawing.levels().length - 1;
    GuidedModel.Counter counter = new GuidedModel.Counter();
    draw(
        drawing,
        batch(request, settings, place, 1),
        request,
        settings,
        counter,
        new BatchProgress(listener, 0, steps, place),
        consumer);
    return counter.evaluations();
  }

  private void draw(
      BatchDrawing drawing,
      DrawnBatch batch,
      SampleRequest request,
      SampleSettings settings,
      GuidedModel.Counter counter,
      BatchProgress progress,
      Consumer<GeneratedImage> consumer) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Denoiser denoiser =
          models.denoiser(conditions(request, batch.indices()), settings.guidance(), counter);
      Tensor images = drawing.draw(denoiser, batch, progress);
      for (int i = 0; i < batch.count(); i++) {
        long index = batch.indices()[i];
        Tensor image = images.get(i);
        consumer.accept(
            new GeneratedImage(
                index,
                classNumber(request, index),
                Pixels.toImage(image),
                image.isfinite().all().item_bool()));
      }
    }
  }

  /** Of each image. */
  private List<Condition> conditions(SampleRequest request, long[] indices) {
    return Arrays.stream(indices)
        .mapToObj(
            index ->
                new Condition(
                    model.numClasses() == 0
                        ? ClassMixture.of(0)
                        : request.classesOf(index, model.numClasses()),
                    request.vector()))
        .toList();
  }

  private BatchDrawing drawing(SampleRequest request, SampleSettings settings) {
    return new BatchDrawing(
        request.origin(),
        Samplers.byName(settings.sampler(), settings.options()),
        sigmas(settings));
  }

  private DrawnBatch batch(SampleRequest request, SampleSettings settings, int from, int n) {
    Size size = settings.size().orElse(model.inputSize());
    return new DrawnBatch(
        settings.seed(),
        request.firstIndex(),
        LongStream.range(from, from + n).map(i -> request.firstIndex() + i).toArray(),
        new long[] {model.inputChannels(), size.height(), size.width()});
  }

  /**
   * The noise that the sampler of {@code inversion} draws images from, batch by batch.
   *
   * @param images {@code [c, h, w]} in [-1, 1], as many as requested
   * @return of variance 1, {@code [n, c, h, w]}
   * @throws InputException if the model cannot draw what is asked for
   */
  public float[] invert(
      List<float[]> images,
      SampleRequest request,
      SampleSettings settings,
      Inversion inversion,
      SampleListener listener) {
    check(request, settings);
    double[] sigmas = sigmas(settings);
    GuidedModel.Counter counter = new GuidedModel.Counter();
    int each = images.getFirst().length;
    float[] noise = new float[Math.multiplyExact(images.size(), each)]; // [n, c, h, w]
    int batches = Math.ceilDiv(images.size(), request.batchSize());
    long steps = settings.steps() - 1L; // The last one is not taken back.
    for (int batch = 0; batch < batches; batch++) {
      int from = batch * request.batchSize();
      int n = Math.min(request.batchSize(), images.size() - from);
      float[] values = new float[n * each];
      for (int i = 0; i < n; i++) {
        System.arraycopy(images.get(from + i), 0, values, i * each, each);
      }
      long before = batch * steps;
      try (PointerScope scope = new PointerScope();
          NoGradGuard guard = new NoGradGuard()) {
        Size size = model.inputSize();
        Tensor high =
            inversion.noise(
                models.denoiser(
                    conditions(
                        request,
                        LongStream.range(from, from + n)
                            .map(i -> request.firstIndex() + i)
                            .toArray()),
                    settings.guidance(),
                    counter),
                Tensors.ofFloats(values, n, model.inputChannels(), size.height(), size.width()),
                sigmas,
                step -> listener.step(before + step, batches * steps, from, n));
        float[] unit = Tensors.toFloats(high.div(new Scalar(sigmas[0])));
        System.arraycopy(unit, 0, noise, from * each, unit.length);
      }
    }
    return noise;
  }

  private OptionalInt classNumber(SampleRequest request, long index) {
    return model.numClasses() == 0
        ? OptionalInt.empty()
        : OptionalInt.of(request.classesOf(index, model.numClasses()).main());
  }

  private void check(SampleRequest request, SampleSettings settings) {
    settings.size().ifPresent(model::requireSize);
    if (!settings.guidance().isNone() && model.numClasses() == 0 && models.guide().isEmpty()) {
      throw new InputException(
          "Guidance needs a model with classes or a second model that guides, and this one has"
              + " neither; leave the guidance scale at 1.");
    }
    request.classes().stream()
        .filter(c -> c < 0 || c >= model.numClasses())
        .findFirst()
        .ifPresent(
            c -> {
              throw new InputException(
                  "Class %d is out of range; the model has %d classes, counted from 0."
                      .formatted(c, model.numClasses()));
            });
    if (request.vector().size() != model.mappingCondDim()) {
      throw new InputException(
          "The model is conditioned on a vector of %d numbers but %d were given."
              .formatted(model.mappingCondDim(), request.vector().size()));
    }
  }

  private double[] sigmas(SampleSettings settings) {
    return settings.schedule().sigmas(settings.steps(), NoiseRange.of(model.diffusion()));
  }

  /**
   * How often the models will be evaluated for each image; empty if the images decide.
   *
   * @throws InputException if the model cannot draw with these settings
   */
  public Optional<Evaluations> evaluations(SampleRequest request, SampleSettings settings) {
    BatchDrawing drawing = drawing(request, settings);
    if (drawing.sampler().evaluations(settings.steps()).isEmpty()) {
      return Optional.empty();
    }
    GuidedModel.Counter counter = new GuidedModel.Counter();
    Denoiser black = (x, sigma) -> torch.zeros_like(x);
    Denoiser guided = settings.guidance().between(counter.guiding(black), counter.main(black));
    try (PointerScope scope = new PointerScope()) {
      drawing.rehearse(guided);
    }
    return Optional.of(counter.evaluations());
  }

  @Override
  public void close() {
    onClose.run();
  }
}
