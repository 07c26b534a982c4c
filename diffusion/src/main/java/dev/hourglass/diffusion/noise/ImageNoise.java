package dev.hourglass.diffusion.noise;

import dev.hourglass.core.random.Purpose;
import dev.hourglass.kernels.random.NormalNumbers;
import dev.hourglass.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * Independent standard normal noise that follows from the seed, the index of the image and the
 * number of the draw: an image comes out the same in any batch. Values are float32.
 */
public final class ImageNoise implements NoiseSource {

  private final long seed;
  private final long[] images;
  private final long[] shape;
  private long draw;

  /**
   * @param images the index of each image of the batch among all that are sampled from this seed
   * @param shape of one image, [c, h, w]
   */
  public ImageNoise(long seed, long[] images, long... shape) {
    this.seed = seed;
    this.images = images.clone();
    this.shape = shape.clone();
  }

  /**
   * The noise that sampling starts from, of variance 1: to be multiplied with the first sigma.
   *
   * @return [n, c, h, w], float32 on the CPU
   */
  public static Tensor initial(long seed, long[] images, long... shape) {
    return field(seed, Purpose.INITIAL_NOISE, 0, images, shape);
  }

  @Override
  public Tensor noise(double sigmaFrom, double sigmaTo) {
    return field(seed, Purpose.STEP_NOISE, draw++, images, shape);
  }

  @Override
  public void skip(double sigmaFrom, double sigmaTo) {
    draw++;
  }

  private static Tensor field(long seed, Purpose purpose, long draw, long[] images, long... shape) {
    int size = GaussianField.size(shape);
    float[] values = new float[Math.multiplyExact(images.length, size)];
    GaussianField.forEachChunk(
        images.length,
        size,
        (image, chunk, from, to) ->
            NormalNumbers.fill(
                GaussianField.stream(seed, purpose, chunk, images[image], draw),
                values,
                image * size + from,
                image * size + to));
    return Tensors.ofFloats(values, GaussianField.batchShape(images.length, shape));
  }
}
