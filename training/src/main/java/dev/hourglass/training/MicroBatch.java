package dev.hourglass.training;

import dev.hourglass.architecture.MappingNetwork;
import dev.hourglass.config.Config;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.core.InputException;
import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.data.Batch;
import dev.hourglass.data.sets.ImageVectors;
import dev.hourglass.diffusion.NoiseLevelSampler;
import dev.hourglass.diffusion.StratifiedUniforms;
import dev.hourglass.kernels.random.NormalNumbers;
import dev.hourglass.model.Conditioning;
import dev.hourglass.tensor.Tensors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * The tensors of one forward and backward pass.
 *
 * @param images {@code [n, c, h, w]}, x0
 * @param noise {@code [n, c, h, w]}, standard normal
 * @param sigma {@code [n]}
 */
record MicroBatch(Tensor images, Tensor noise, Tensor sigma, Conditioning conditioning) {

  /**
   * Draws what a batch of images needs besides: a function of (seed, step, image).
   *
   * @param from place of its first image in the step's batch of {@code globalBatch}
   */
  static MicroBatch of(
      Config config,
      Batch batch,
      ImageVectors vectors,
      long seed,
      long step,
      int from,
      int globalBatch) {
    ModelConfig model = config.model();
    int n = batch.size();
    long[] shape = {
      n, model.inputChannels(), model.inputSize().height(), model.inputSize().width()
    };
    double[] uniforms = StratifiedUniforms.of(seed, step, from, n, globalBatch);
    double[] sigmas =
        new NoiseLevelSampler(model.diffusion().noiseDensity(), model.diffusion().scales())
            .sigmas(uniforms);
    float[] sigma = new float[n];
    for (int i = 0; i < n; i++) {
      sigma[i] = (float) sigmas[i];
    }
    return new MicroBatch(
        Tensors.ofFloats(batch.pixels(), shape),
        Tensors.ofFloats(noise(seed, batch.firstPosition(), n, batch.pixels().length), shape),
        Tensors.ofFloats(sigma, n),
        withVectors(conditioning(config, batch, seed), config, batch, vectors));
  }

  private static float[] noise(long seed, long firstPosition, int n, int length) {
    float[] noise = new float[length];
    int each = length / n;
    IntStream.range(0, n)
        .parallel()
        .forEach(
            i ->
                NormalNumbers.fill(
                    RandomStream.of(seed, Purpose.TRAINING_NOISE, firstPosition + i),
                    noise,
                    i * each,
                    (i + 1) * each));
    return noise;
  }

  private static Conditioning conditioning(Config config, Batch batch, long seed) {
    int n = batch.size();
    Conditioning conditioning =
        Conditioning.NONE.withAugmentation(
            Tensors.ofFloats(batch.augmentation(), n, MappingNetwork.AUGMENTATION_SIZE));
    int classes = config.model().numClasses();
    if (classes == 0) {
      return conditioning;
    }
    long[] labels = new long[n];
    for (int i = 0; i < n; i++) {
      int label = batch.labels()[i];
      if (label < 0 || label >= classes) {
        throw new InputException(
            "An image has the class %d but the model has the classes 0 to %d; correct the data or num_classes."
                .formatted(label, classes - 1));
      }
      double drop =
          RandomStream.of(seed, Purpose.CLASS_DROPOUT, batch.firstPosition() + i).nextDouble();
      labels[i] = drop < config.dataset().condDropoutRate() ? classes : label;
    }
    return conditioning.withClasses(Tensors.ofLongs(labels, n));
  }

  private static Conditioning withVectors(
      Conditioning conditioning, Config config, Batch batch, ImageVectors vectors) {
    int dimension = config.model().mappingCondDim();
    if (dimension == 0) {
      return conditioning;
    }
    float[] values = new float[batch.size() * dimension]; // [n, mapping_cond_dim]
    for (int i = 0; i < batch.size(); i++) {
      System.arraycopy(vectors.of(batch.indices()[i]), 0, values, i * dimension, dimension);
    }
    return conditioning.withVector(Tensors.ofFloats(values, batch.size(), dimension));
  }
}
