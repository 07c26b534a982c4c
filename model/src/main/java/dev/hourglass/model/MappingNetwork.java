package dev.hourglass.model;

import dev.hourglass.config.ModelConfig;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.Ops.FeedForwardWeights;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Noise level, augmentation, class and vector to the one conditioning vector of every layer (hdit:
 * "Conditioning vector").
 */
final class MappingNetwork {

  /** Numbers the mapping network's dropout after those of the layers. */
  private static final int FIRST_DROPOUT_PLACE = 1 << 20;

  private record Block(Tensor norm, FeedForwardWeights weights) {}

  private final ModelConfig model;
  private final Parameters parameters;
  private final Ops ops;

  MappingNetwork(ModelConfig model, Parameters parameters, Ops ops) {
    this.model = model;
    this.parameters = parameters;
    this.ops = ops;
  }

  /**
   * Computes the conditioning vector.
   *
   * @param sigma {@code [n]}
   * @return {@code [n, mapping width]}
   */
  Tensor forward(Tensor sigma, Conditioning conditioning, TrainingPass pass) {
    return Scope.of(
        () -> {
          Tensor x =
              ops.rmsNorm(embed(sigma, conditioning), parameters.get("mapping.in_norm.scale"));
          for (int i = 0; i < model.mapping().depth(); i++) {
            Block block = block(i);
            x =
                ops.feedForwardBlock(
                    x,
                    block.norm,
                    block.weights,
                    pass.dropoutAt(FIRST_DROPOUT_PLACE + i, model.mapping().dropout()));
          }
          return ops.rmsNorm(x, parameters.get("mapping.out_norm.scale"));
        });
  }

  private Tensor embed(Tensor sigma, Conditioning conditioning) {
    long n = sigma.size(0);
    Tensor noiseLevel = sigma.log().div(new Scalar(4.0)).unsqueeze(-1); // [n, 1]
    Tensor augmentation =
        conditioning
            .augmentation()
            .orElseGet(
                () ->
                    Tensors.zeros(torch.ScalarType.Float, n, StateDict.AUGMENTATION_SIZE)
                        .to(sigma));
    Tensor sum =
        project("time_in_proj.weight", fourier(noiseLevel, "time_emb.weight"))
            .add(project("aug_in_proj.weight", fourier(augmentation, "aug_emb.weight")));
    if (model.numClasses() > 0) {
      Tensor classes =
          conditioning
              .classes()
              .orElseThrow(
                  () -> new IllegalArgumentException("a class-conditional model needs classes"));
      sum = sum.add(torch.embedding(parameters.get("class_emb.weight"), classes));
    }
    if (model.mappingCondDim() > 0) {
      Tensor vector =
          conditioning
              .vector()
              .orElseThrow(
                  () -> new IllegalArgumentException("a vector-conditional model needs a vector"));
      sum = sum.add(project("mapping_cond_in_proj.weight", vector));
    }
    return sum;
  }

  private Tensor project(String weight, Tensor x) {
    return ops.linear(x, parameters.get(weight));
  }

  /** {@code [cos f, sin f]} with {@code f = 2 pi x W^T}. */
  private Tensor fourier(Tensor x, String weight) {
    Tensor f = x.mul(new Scalar(2 * Math.PI)).matmul(parameters.get(weight).t());
    return Tensors.concat(-1, f.cos(), f.sin());
  }

  private Block block(int i) {
    String prefix = "mapping.blocks." + i + ".";
    return new Block(
        parameters.get(prefix + "norm.scale"),
        new FeedForwardWeights(
            parameters.get(prefix + "up_proj.weight"),
            parameters.get(prefix + "down_proj.weight")));
  }
}
