package dev.hourglass.bench;

import dev.hourglass.config.ModelConfig;
import dev.hourglass.diffusion.Preconditioning;
import dev.hourglass.model.Conditioning;
import dev.hourglass.model.HourglassTransformer;
import dev.hourglass.model.Parameters;
import dev.hourglass.model.TrainingPass;
import dev.hourglass.ops.Ops;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** One call of the denoiser, as a sampler makes it. */
final class DenoiseTask implements Task {

  private static final double SIGMA = 1;

  private final ModelConfig model;
  private final Parameters weights;
  private final HourglassTransformer network;
  private final Preconditioning preconditioning;
  private final Tensor images; // [n, c, h, w]

  DenoiseTask(ModelConfig model, Ops ops, int batch) {
    this.model = model;
    this.weights = Parameters.initial(model, 0);
    weights.freeze();
    this.network = new HourglassTransformer(model, weights, ops);
    this.preconditioning = Preconditioning.of(model.diffusion());
    long[] shape = {
      batch, model.inputChannels(), model.inputSize().height(), model.inputSize().width()
    };
    try (PointerScope scope = new PointerScope()) {
      this.images = Scope.own(Noise.normal(shape));
    }
  }

  @Override
  public void run() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      long[] perImage = {images.size(0)};
      Conditioning conditioning = conditioning();
      preconditioning.denoise(
          (input, sigma) -> network.forward(input, sigma, conditioning, TrainingPass.SAMPLING),
          images,
          torch.full(perImage, new Scalar(SIGMA), Tensors.options(torch.ScalarType.Float)));
    }
  }

  private Conditioning conditioning() {
    int n = Math.toIntExact(images.size(0));
    Conditioning conditioning = Conditioning.NONE;
    if (model.numClasses() > 0) {
      long[] classes = LongStream.range(0, n).map(i -> i % model.numClasses()).toArray();
      conditioning = conditioning.withClasses(Tensors.ofLongs(classes, n));
    }
    if (model.mappingCondDim() > 0) {
      conditioning =
          conditioning.withVector(Tensors.zeros(torch.ScalarType.Float, n, model.mappingCondDim()));
    }
    return conditioning;
  }

  @Override
  public void close() {
    images.close();
    weights.close();
  }
}
