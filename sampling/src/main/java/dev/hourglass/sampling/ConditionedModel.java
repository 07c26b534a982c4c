package dev.hourglass.sampling;

import dev.hourglass.config.ModelConfig;
import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.Preconditioning;
import dev.hourglass.model.Conditioning;
import dev.hourglass.model.HourglassTransformer;
import dev.hourglass.model.Parameters;
import dev.hourglass.model.TrainingPass;
import dev.hourglass.ops.Ops;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import java.util.stream.LongStream;
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
    return denoiser(request, classes(request, indices, false));
  }

  /** The denoiser of 2n images: first without a class, then the same with it. */
  Denoiser withoutAndWith(SampleRequest request, long[] indices) {
    return denoiser(request, classes(request, indices, true));
  }

  private Denoiser denoiser(SampleRequest request, long[] classes) {
    long[] distinct = Arrays.stream(classes).distinct().toArray();
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

  /** A class for each of n images, or for 2n: first without a class, then with. */
  private long[] classes(SampleRequest request, long[] indices, boolean doubled) {
    int n = indices.length;
    long[] classes = new long[doubled ? 2 * n : n];
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
}
