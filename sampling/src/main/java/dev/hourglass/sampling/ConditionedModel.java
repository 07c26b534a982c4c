package dev.hourglass.sampling;

import dev.hourglass.config.ModelConfig;
import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.Preconditioning;
import dev.hourglass.model.Conditioning;
import dev.hourglass.model.HourglassTransformer;
import dev.hourglass.model.Parameters;
import dev.hourglass.model.Sharing;
import dev.hourglass.model.TrainingPass;
import dev.hourglass.ops.Ops;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A network as the denoiser of images that are asked for. */
final class ConditionedModel {

  private final ModelConfig model;
  private final HourglassTransformer network;
  private final Preconditioning preconditioning;

  /**
   * @param weights not owned
   */
  ConditionedModel(ModelConfig model, Parameters weights, Ops ops) {
    this.model = model;
    this.network = new HourglassTransformer(model, weights, ops);
    this.preconditioning = Preconditioning.of(model.diffusion());
  }

  ModelConfig config() {
    return model;
  }

  /** The denoiser of n images, each with its class. */
  Denoiser withClasses(SampleRequest request, long[] indices) {
    return denoiser(request, classes(request, indices));
  }

  /** The denoiser of 2n images: first without a class, then the same with it. */
  Denoiser withoutAndWith(SampleRequest request, long[] indices) {
    ClassMixture none = ClassMixture.of(model.numClasses());
    List<ClassMixture> without = Collections.nCopies(indices.length, none);
    return denoiser(
        request, Stream.concat(without.stream(), classes(request, indices).stream()).toList());
  }

  private Denoiser denoiser(SampleRequest request, List<ClassMixture> classes) {
    long[] distinct =
        classes.stream()
            .flatMapToLong(mixture -> LongStream.of(mixture.first(), mixture.second()))
            .distinct()
            .toArray();
    Conditioning conditioning = conditioning(request, classes, distinct);
    return (x, sigma) ->
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
  }

  /** Of each image; all the same in a model without classes. */
  private List<ClassMixture> classes(SampleRequest request, long[] indices) {
    return Arrays.stream(indices)
        .mapToObj(
            index ->
                model.numClasses() == 0
                    ? ClassMixture.of(0)
                    : request.classesOf(index, model.numClasses()))
        .toList();
  }

  /** What the images are conditioned on: images of a class share it. */
  private Conditioning conditioning(
      SampleRequest request, List<ClassMixture> classes, long[] distinct) {
    Conditioning conditioning = Conditioning.NONE.withSharing(sharing(classes, distinct));
    if (model.numClasses() > 0) {
      conditioning = conditioning.withClasses(Tensors.ofLongs(distinct, distinct.length));
    }
    if (model.mappingCondDim() > 0) {
      conditioning = conditioning.withVector(vectorTensor(request, distinct.length));
    }
    return conditioning;
  }

  private static Sharing sharing(List<ClassMixture> classes, long[] distinct) {
    List<Long> places = LongStream.of(distinct).boxed().toList();
    Sharing sharing = Sharing.of(places(classes.stream().mapToLong(ClassMixture::first), places));
    if (classes.stream().allMatch(mixture -> mixture.share() == 0)) {
      return sharing;
    }
    float[] shares = new float[classes.size()];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = (float) classes.get(i).share();
    }
    return sharing.blendedWith(
        places(classes.stream().mapToLong(ClassMixture::second), places),
        Tensors.ofFloats(shares, shares.length, 1, 1, 1));
  }

  private static Tensor places(LongStream classes, List<Long> places) {
    long[] indices = classes.map(places::indexOf).toArray();
    return Tensors.ofLongs(indices, indices.length);
  }

  /** The one vector for each of n conditionings: {@code [n, mapping_cond_dim]}. */
  private Tensor vectorTensor(SampleRequest request, int n) {
    float[] values = new float[n * model.mappingCondDim()];
    for (int i = 0; i < values.length; i++) {
      values[i] = request.vector().get(i % model.mappingCondDim());
    }
    return Tensors.ofFloats(values, n, model.mappingCondDim());
  }
}
