package dev.hourglass.sampling;

import dev.hourglass.compute.Compute;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.Guidance;
import dev.hourglass.diffusion.Preconditioning;
import dev.hourglass.diffusion.noise.BrownianNoise;
import dev.hourglass.diffusion.noise.ImageNoise;
import dev.hourglass.diffusion.noise.NoiseKind;
import dev.hourglass.diffusion.noise.NoiseSource;
import dev.hourglass.diffusion.ode.Inversion;
import dev.hourglass.diffusion.samplers.Sampler;
import dev.hourglass.diffusion.samplers.Samplers;
import dev.hourglass.model.Conditioning;
import dev.hourglass.model.HourglassTransformer;
import dev.hourglass.model.Parameters;
import dev.hourglass.model.TrainingPass;
import dev.hourglass.ops.Ops;
import dev.hourglass.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Draws images from a model. Each image is a function of (weights, settings, seed, index), up to
 * rounding.
 */
public final class ImageGenerator implements AutoCloseable {

  private final ModelConfig model;
  private final HourglassTransformer network;
  private final Preconditioning preconditioning;
  private final Runnable onClose;

  private ImageGenerator(ModelConfig model, Parameters parameters, Ops ops, Runnable onClose) {
    this.model = model;
    this.onClose = onClose;
    this.network = new HourglassTransformer(model, parameters, ops);
    this.preconditioning = Preconditioning.of(model.diffusion());
  }

  /** The generator of a checkpoint file, with its averaged weights. */
  public static ImageGenerator load(Path checkpoint) {
    return load(ModelFile.open(checkpoint), Compute.AUTO.ops());
  }

  /** The generator of a checkpoint file, computed by {@code ops}. */
  public static ImageGenerator load(ModelFile file, Ops ops) {
    Parameters weights = file.averagedWeights();
    return new ImageGenerator(file.config().model(), weights, ops, weights::close);
  }

  /** A generator with weights that somebody else owns and may change between calls. */
  public static ImageGenerator borrowing(ModelConfig model, Parameters weights, Ops ops) {
    return new ImageGenerator(model, weights, ops, () -> {});
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
   * @throws InputException if the model cannot draw what is asked for
   */
  public void generate(
      SampleRequest request,
      SampleSettings settings,
      SampleListener listener,
      Consumer<GeneratedImage> consumer) {
    check(request, settings);
    Sampler sampler = Samplers.byName(settings.sampler(), settings.options());
    int batchSize = sampler.couplesImages() ? 1 : request.batchSize();
    int batches = Math.ceilDiv(request.count(), batchSize);
    for (int batch = 0; batch < batches; batch++) {
      int from = batch * batchSize;
      int n = Math.min(batchSize, request.count() - from);
      long stepsBefore = (long) batch * settings.steps();
      long total = (long) batches * settings.steps();
      try (PointerScope scope = new PointerScope();
          NoGradGuard guard = new NoGradGuard()) {
        long[] indices = LongStream.range(0, n).map(i -> request.firstIndex() + from + i).toArray();
        Tensor images =
            draw(
                request,
                settings,
                sampler,
                indices,
                step -> listener.step(stepsBefore + step, total, from, n));
        for (int i = 0; i < n; i++) {
          consumer.accept(
              new GeneratedImage(
                  indices[i], classNumber(request, indices[i]), Pixels.toImage(images.get(i))));
        }
      }
    }
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
                denoiser(
                    request,
                    settings.guidance(),
                    LongStream.range(from, from + n).map(i -> request.firstIndex() + i).toArray()),
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
        : OptionalInt.of(request.classOf(index, model.numClasses()));
  }

  private void check(SampleRequest request, SampleSettings settings) {
    settings.size().ifPresent(model::requireSize);
    if (settings.guidance() != 1 && model.numClasses() == 0) {
      throw new InputException(
          "Guidance needs a model with classes, and this one has none; leave the guidance scale at"
              + " 1.");
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

  /** {@code [n, c, h, w]} in [-1, 1], not clipped. */
  private Tensor draw(
      SampleRequest request,
      SampleSettings settings,
      Sampler sampler,
      long[] indices,
      StepListener listener) {
    Size size = settings.size().orElse(model.inputSize());
    long[] shape = {model.inputChannels(), size.height(), size.width()};
    double[] sigmas = sigmas(settings);
    Tensor start = request.start(settings.seed(), indices, shape).mul(new Scalar(sigmas[0]));
    // A single step goes straight to zero and draws nothing, and a path needs two levels.
    NoiseKind kind = sigmas.length == 2 ? NoiseKind.NONE : sampler.noiseKind();
    NoiseSource noise =
        switch (kind) {
          case NONE, INDEPENDENT -> new ImageNoise(settings.seed(), indices, shape);
          case BROWNIAN ->
              new BrownianNoise(
                  settings.seed(), indices, sigmas[sigmas.length - 2], sigmas[0], shape);
        };
    return sampler.sample(
        denoiser(request, settings.guidance(), indices),
        start,
        sigmas,
        noise,
        (step, steps, sigma, denoised) -> listener.step(step + 1));
  }

  private double[] sigmas(SampleSettings settings) {
    return settings
        .schedule()
        .sigmas(settings.steps(), model.diffusion().sigmaMin(), model.diffusion().sigmaMax());
  }

  private Denoiser denoiser(SampleRequest request, double guidance, long[] indices) {
    boolean guided = guidance != 1;
    long[] classes = classes(request, indices, guided);
    long[] distinct = Arrays.stream(classes).distinct().toArray();
    Conditioning conditioning = conditioning(request, classes, distinct);
    Denoiser plain =
        (x, sigma) ->
            preconditioning.denoise(
                (input, levels) ->
                    network.forward(
                        input,
                        levels.narrow(0, 0, distinct.length), // All images are at one noise level.
                        conditioning,
                        TrainingPass.SAMPLING),
                x,
                torch.full(
                    new long[] {x.size(0)}, new Scalar(sigma), Tensors.options(ScalarType.Float)));
    return guided ? Guidance.guided(plain, guidance) : plain;
  }

  /** A class for each of n images, or for guidance of 2n: first without a class, then with. */
  private long[] classes(SampleRequest request, long[] indices, boolean guided) {
    int n = indices.length;
    long[] classes = new long[guided ? 2 * n : n];
    if (model.numClasses() > 0) {
      Arrays.fill(classes, model.numClasses());
      for (int i = 0; i < n; i++) {
        classes[classes.length - n + i] = request.classOf(indices[i], model.numClasses());
      }
    }
    return classes;
  }

  /** What the images are conditioned on: images of a class share it. */
  private Conditioning conditioning(SampleRequest request, long[] classes, long[] distinct) {
    long[] sharing =
        Arrays.stream(classes)
            .map(c -> LongStream.of(distinct).boxed().toList().indexOf(c))
            .toArray();
    Conditioning conditioning =
        Conditioning.NONE.withSharing(Tensors.ofLongs(sharing, sharing.length));
    if (model.numClasses() > 0) {
      conditioning = conditioning.withClasses(Tensors.ofLongs(distinct, distinct.length));
    }
    if (model.mappingCondDim() > 0) {
      conditioning = conditioning.withVector(vectorTensor(request, distinct.length));
    }
    return conditioning;
  }

  /** The one vector for each of n conditionings: {@code [n, mapping_cond_dim]}. */
  private Tensor vectorTensor(SampleRequest request, int n) {
    float[] values = new float[n * model.mappingCondDim()];
    for (int i = 0; i < values.length; i++) {
      values[i] = request.vector().get(i % model.mappingCondDim());
    }
    return Tensors.ofFloats(values, n, model.mappingCondDim());
  }

  @FunctionalInterface
  private interface StepListener {
    void step(int done);
  }

  @Override
  public void close() {
    onClose.run();
  }
}
