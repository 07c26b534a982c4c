package dev.hourglass.sampling.denoise;

import dev.hourglass.config.ModelConfig;
import dev.hourglass.diffusion.Preconditioning;
import dev.hourglass.model.Conditioning;
import dev.hourglass.model.HourglassTransformer;
import dev.hourglass.model.Parameters;
import dev.hourglass.model.Sharing;
import dev.hourglass.model.TrainingPass;
import dev.hourglass.ops.Ops;
import dev.hourglass.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Evaluates a network at once. */
public final class NetworkEvaluator implements Evaluator {

  private final ModelConfig model;
  private final HourglassTransformer network;
  private final Preconditioning preconditioning;

  /**
   * @param weights not owned
   */
  public NetworkEvaluator(ModelConfig model, Parameters weights, Ops ops) {
    this.model = model;
    this.network = new HourglassTransformer(model, weights, ops);
    this.preconditioning = Preconditioning.of(model.diffusion());
  }

  public ModelConfig config() {
    return model;
  }

  /** What the network is told, computed once for all images that have it in common. */
  private record Told(float sigma, long classNumber, List<Float> vector) {}

  /** What an image is told: all of the first, or what lies between it and the second. */
  private record Mixture(Told first, Told second, double share) {

    static Mixture of(double sigma, Condition condition) {
      ClassMixture classes = condition.classes();
      return new Mixture(
          new Told((float) sigma, classes.first(), condition.vector()),
          new Told((float) sigma, classes.second(), condition.vector()),
          classes.share());
    }
  }

  @Override
  public Tensor denoise(Evaluation evaluation) {
    return pass(evaluation.x(), List.of(evaluation));
  }

  /**
   * Several evaluations of images of one size in one pass, each with its own noise level.
   *
   * @return of all images, one evaluation after the other, {@code [n, c, h, w]}
   */
  public Tensor denoise(List<Evaluation> evaluations) {
    TensorVector parts = new TensorVector(evaluations.size());
    for (int i = 0; i < evaluations.size(); i++) {
      parts.put(i, evaluations.get(i).x());
    }
    return pass(torch.cat(parts, 0), evaluations);
  }

  private Tensor pass(Tensor x, List<Evaluation> evaluations) {
    List<Mixture> images = new ArrayList<>();
    for (Evaluation evaluation : evaluations) {
      evaluation.conditions().forEach(told -> images.add(Mixture.of(evaluation.sigma(), told)));
    }
    List<Told> distinct =
        images.stream().flatMap(i -> Stream.of(i.first(), i.second())).distinct().toList();
    Conditioning conditioning = conditioning(images, distinct);
    Tensor levels = levels(distinct);
    return preconditioning.denoise(
        (input, _) -> network.forward(input, levels, conditioning, TrainingPass.SAMPLING),
        x,
        levels(images.stream().map(Mixture::first).toList()));
  }

  private static Tensor levels(List<Told> told) {
    float[] sigmas = new float[told.size()];
    for (int i = 0; i < sigmas.length; i++) {
      sigmas[i] = told.get(i).sigma();
    }
    return Tensors.ofFloats(sigmas, sigmas.length);
  }

  private Conditioning conditioning(List<Mixture> images, List<Told> distinct) {
    Conditioning conditioning = Conditioning.NONE.withSharing(sharing(images, distinct));
    if (model.numClasses() > 0) {
      conditioning = conditioning.withClasses(longs(distinct, Told::classNumber)); // [m]
    }
    if (model.mappingCondDim() > 0) {
      conditioning = conditioning.withVector(vectors(distinct));
    }
    return conditioning;
  }

  private static Sharing sharing(List<Mixture> images, List<Told> distinct) {
    Sharing sharing = Sharing.of(longs(images, image -> distinct.indexOf(image.first())));
    if (images.stream().allMatch(image -> image.share() == 0)) {
      return sharing;
    }
    float[] shares = new float[images.size()];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = (float) images.get(i).share();
    }
    return sharing.blendedWith(
        longs(images, image -> distinct.indexOf(image.second())),
        Tensors.ofFloats(shares, shares.length, 1, 1, 1));
  }

  private static <T> Tensor longs(List<T> list, ToLongFunction<T> number) {
    long[] numbers = list.stream().mapToLong(number).toArray();
    return Tensors.ofLongs(numbers, numbers.length);
  }

  /** {@code [m, mapping_cond_dim]}. */
  private Tensor vectors(List<Told> distinct) {
    int dimension = model.mappingCondDim();
    float[] values = new float[distinct.size() * dimension];
    for (int i = 0; i < values.length; i++) {
      values[i] = distinct.get(i / dimension).vector().get(i % dimension);
    }
    return Tensors.ofFloats(values, distinct.size(), dimension);
  }
}
