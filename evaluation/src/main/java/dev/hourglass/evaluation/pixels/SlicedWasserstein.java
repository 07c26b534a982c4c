package dev.hourglass.evaluation.pixels;

import dev.hourglass.core.InputException;
import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * The sliced Wasserstein distance between patches of two sets of images, level by level of the
 * Laplacian pyramid (Karras et al., "Progressive growing of GANs", 2018, section 5): fine levels
 * compare texture, coarse ones composition. Patches are normalised in each set, projected onto
 * {@value #REPEATS} x {@value #DIRECTIONS} random directions u, and
 *
 * <pre>
 *   1000 * mean over u and i of |sorted(A u)_i - sorted(B u)_i|
 * </pre>
 *
 * is the mean of Wasserstein-1 distances in one dimension, times a thousand as it is published. As
 * a distance of finite samples it does not fall to zero for two sets of one distribution; compare
 * figures from equally many images only.
 *
 * <p>Places and directions are functions of the seed. ProGAN draws them from a generator without a
 * seed, and works on sizes that are powers of two; where a side is odd, here, half of it is rounded
 * up.
 */
public final class SlicedWasserstein {

  private static final int REPEATS = 4;
  private static final int DIRECTIONS = 128;

  /** Directions that are projected onto together: what keeps the projections' memory small. */
  private static final int AT_ONCE = 16;

  private static final double UNIT = 1000;

  /**
   * The distance at one level.
   *
   * @param height of the level's images, in pixels
   * @param width likewise
   * @param distance times a thousand
   */
  public record Level(int height, int width, double distance) {}

  private SlicedWasserstein() {}

  /**
   * The distances of all levels, the finest first; ProGAN's table ends with their mean.
   *
   * @throws InputException if the sets are of different size or kind, not of equally many images,
   *     or empty
   */
  public static List<Level> between(Patches a, Patches b, long seed) {
    if (!a.comparableTo(b)) {
      throw new InputException(
          "The sliced Wasserstein distance compares images of one size and number of channels;"
              + " resize one of the sets.");
    }
    if (a.images() != b.images() || a.images() == 0) {
      throw new InputException(
          "The sliced Wasserstein distance compares equally many images, but there are %d and %d; take as many of both."
              .formatted(a.images(), b.images()));
    }
    List<Level> levels = new ArrayList<>();
    for (int i = 0; i < a.levels(); i++) {
      int level = i;
      double[] distance = new double[1];
      Scope.run(
          () -> distance[0] = distance(a.normalised(level), b.normalised(level), seed, level));
      levels.add(new Level(a.heightOf(level), a.widthOf(level), UNIT * distance[0]));
    }
    return List.copyOf(levels);
  }

  /** The mean over the levels. */
  public static double mean(List<Level> levels) {
    return levels.stream().mapToDouble(Level::distance).average().orElseThrow();
  }

  /**
   * @param a [patches, numbers], float32
   * @param b of the same shape
   */
  static double distance(Tensor a, Tensor b, long seed, int level) {
    double sum = 0;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
      RandomStream random = RandomStream.of(seed, Purpose.DIRECTIONS, level, repeat);
      for (int done = 0; done < DIRECTIONS; done += AT_ONCE) {
        double[] gaps = new double[AT_ONCE];
        Scope.run(
            () -> {
              Tensor directions = directions(random, Math.toIntExact(a.size(1)));
              Tensor fromA = directions.matmul(a.t()); // [directions, patches]
              Tensor fromB = directions.matmul(b.t());
              Workers.shared()
                  .run(AT_ONCE, (i, scratch) -> gaps[i] = gap(sorted(fromA, i), sorted(fromB, i)));
            });
        sum += Arrays.stream(gaps).sum();
      }
    }
    return sum / (REPEATS * DIRECTIONS);
  }

  /** By Java's sort, which uses vector instructions, and carries no indices along. */
  private static float[] sorted(Tensor projections, int direction) {
    float[] values = Tensors.toFloats(projections.select(0, direction));
    Arrays.sort(values);
    return values;
  }

  private static double gap(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((double) a[i] - b[i]);
    }
    return sum / a.length;
  }

  /** The next unit vectors, [directions, numbers]. */
  private static Tensor directions(RandomStream random, int numbers) {
    float[] all = new float[AT_ONCE * numbers];
    double[] direction = new double[numbers];
    for (int i = 0; i < AT_ONCE; i++) {
      double squares = 0;
      for (int j = 0; j < numbers; j++) {
        direction[j] = random.nextGaussian();
        squares += direction[j] * direction[j];
      }
      for (int j = 0; j < numbers; j++) {
        all[i * numbers + j] = (float) (direction[j] / Math.sqrt(squares));
      }
    }
    return Tensors.ofFloats(all, AT_ONCE, numbers);
  }
}
