package dev.hourglass.sampling;

import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.noise.NoiseKind;
import dev.hourglass.diffusion.noise.NoiseSource;
import dev.hourglass.sampling.denoise.ClassMixture;
import dev.hourglass.tensor.Tensors;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * The way from an image of one seed to the same image of another, in even steps, both ends
 * included. All noise is mixed with weights on a circle, which keeps its variance; classes, where
 * two are asked for, are mixed linearly.
 *
 * @param to the other seed; the first is that of the settings
 * @param frames how many images the way has, at least 2
 */
public record Interpolation(long to, int frames) implements Origin {

  public Interpolation {
    if (frames < 2) {
      throw new InputException(
          "The way between two images has at least 2 frames, not %d.".formatted(frames));
    }
  }

  @Override
  public Tensor noise(DrawnBatch batch) {
    return mixed(
        Origin.super.noise(batch.ofFirst()),
        Origin.super.noise(batch.ofFirst().withSeed(to)),
        batch);
  }

  @Override
  public NoiseSource steps(NoiseKind kind, double low, double high, DrawnBatch batch) {
    NoiseSource one = Origin.super.steps(kind, low, high, batch.ofFirst());
    NoiseSource other = Origin.super.steps(kind, low, high, batch.ofFirst().withSeed(to));
    return (start, end) -> mixed(one.noise(start, end), other.noise(start, end), batch);
  }

  @Override
  public ClassMixture classes(SampleRequest request, long index, int numClasses) {
    return switch (request.classes().size()) {
      case 1 -> ClassMixture.of(request.classes().getFirst());
      case 2 ->
          new ClassMixture(
              request.classes().getFirst(),
              request.classes().getLast(),
              share(Math.toIntExact(index - request.firstIndex())));
      default ->
          throw new InputException(
              "The way between two images needs its class, or those at its two ends, not %d of them."
                  .formatted(request.classes().size()));
    };
  }

  /** How far on the way a frame is, in [0, 1]. */
  private double share(int frame) {
    return (double) frame / (frames - 1);
  }

  private Tensor mixed(Tensor one, Tensor other, DrawnBatch batch) {
    int n = batch.count();
    return one.mul(weights(n, i -> weightOfFirst(share(batch.place(i)))))
        .add(other.mul(weights(n, i -> weightOfFirst(1 - share(batch.place(i))))));
  }

  /** A quarter of a circle, and nothing at its end to the bit. */
  private static double weightOfFirst(double share) {
    return share == 1 ? 0 : Math.cos(share * Math.PI / 2);
  }

  private static Tensor weights(int n, IntToDoubleFunction weight) {
    float[] values = new float[n];
    IntStream.range(0, n).forEach(i -> values[i] = (float) weight.applyAsDouble(i));
    return Tensors.ofFloats(values, n, 1, 1, 1);
  }
}
