package dev.hourglass.evaluation;

import dev.hourglass.core.InputException;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * How far two sets cover each other, by balls around each image up to its k-th nearest neighbour in
 * its own set: precision and recall (Kynkäänniemi et al. 2019, eq. 1 to 3; k = {@value
 * #PRECISION_NEIGHBOURS}, the surface included), density and coverage (Naeem et al. 2020, eq. 4 and
 * 5; k = {@value #DENSITY_NEIGHBOURS}, the surface excluded). An image is not its own neighbour.
 *
 * <p>Standard errors are by {@link Resampling#HALF_SAMPLES} of the generated images, whose balls
 * grow as images are left out. So that no distance is computed twice, each real image remembers
 * some generated images near it (up to {@value #REMEMBERED}: that none of them is in a half has the
 * probability 2^-{@value #REMEMBERED}), and each generated image its {@value #WIDTH} nearest.
 */
public final class Manifolds {

  public static final int PRECISION_NEIGHBOURS = 3;
  public static final int DENSITY_NEIGHBOURS = 5;

  private static final int WIDTH = 32;
  private static final int REMEMBERED = 48;

  private final int generated;
  private final Neighbours ofGenerated;
  private final boolean[] precise; // [generated]: whether in a real image's ball
  private final int[] balls; // [generated]: how many real images' balls it is in
  private final int[][] inBall; // [real]: generated images in its ball
  private final Candidates[] candidates; // [real]: generated images whose balls it may be in

  /**
   * Computes all distances.
   *
   * @param real {@code [m, d]}, more than {@value #DENSITY_NEIGHBOURS}
   * @param images {@code [n, d]}, as many
   * @throws InputException if there are too few
   */
  public Manifolds(Tensor real, Tensor images) {
    Features.check(real, images, "Precision and recall");
    if (!enough(real.size(0), images.size(0))) {
      throw new InputException(
          "Precision, recall, density and coverage need more than %d images on each side, but there are %d real and %d generated ones."
              .formatted(DENSITY_NEIGHBOURS, real.size(0), images.size(0)));
    }
    Tensor a = Features.doubles(real);
    Tensor b = Features.doubles(images);
    int m = Math.toIntExact(a.size(0));
    generated = Math.toIntExact(b.size(0));
    Neighbours ofReal = Neighbours.within(a, DENSITY_NEIGHBOURS);
    ofGenerated = Neighbours.within(b, Math.min(WIDTH, generated - 1));
    precise = new boolean[generated];
    balls = new int[generated];
    inBall = new int[m][];
    candidates = new Candidates[m];
    SquaredDistances across = new SquaredDistances(a, b);
    across.forEachRow(
        (row, distances, start) -> {
          double[] own = ofReal.distances()[row];
          int[] members = new int[REMEMBERED];
          int size = 0;
          Candidates candidate = new Candidates();
          for (int j = 0; j < generated; j++) {
            double distance = distances[start + j];
            if (across.compare(row, j, distance, own[PRECISION_NEIGHBOURS - 1]) <= 0) {
              precise[j] = true;
            }
            if (across.compare(row, j, distance, own[DENSITY_NEIGHBOURS - 1]) < 0) {
              balls[j]++;
              if (size < REMEMBERED) {
                members[size++] = j;
              }
            }
            int nearer = nearer(across, row, j, distance);
            if (nearer < ofGenerated.distances()[j].length) {
              candidate.offer(j, nearer);
            }
          }
          inBall[row] = Arrays.copyOf(members, size);
          candidates[row] = candidate;
        });
  }

  /** Whether there are enough images for all four numbers. */
  public static boolean enough(long real, long images) {
    return Math.min(real, images) > DENSITY_NEIGHBOURS;
  }

  /** How many of the nearest neighbours of a generated image are nearer to it than a real one. */
  private int nearer(SquaredDistances across, int row, int image, double distance) {
    double[] near = ofGenerated.distances()[image];
    if (across.compare(row, image, distance, near[near.length - 1]) > 0) {
      return near.length;
    }
    return (int)
        IntStream.range(0, near.length)
            .takeWhile(i -> across.compare(row, image, distance, near[i]) > 0)
            .count();
  }

  /** Generated images whose balls a real one may be in, the surest kept. */
  private static final class Candidates {

    private int[] images = new int[4];
    private int[] nearer = new int[4];
    private int size;

    void offer(int image, int nearerOnes) {
      if (size == REMEMBERED) {
        if (nearerOnes < PRECISION_NEIGHBOURS) {
          IntStream.range(0, size)
              .filter(i -> nearer[i] >= PRECISION_NEIGHBOURS)
              .findFirst()
              .ifPresent(i -> set(i, image, nearerOnes));
        }
        return;
      }
      if (size == images.length) {
        images = Arrays.copyOf(images, 2 * size);
        nearer = Arrays.copyOf(nearer, 2 * size);
      }
      set(size++, image, nearerOnes);
    }

    private void set(int at, int image, int nearerOnes) {
      images[at] = image;
      nearer[at] = nearerOnes;
    }
  }

  /** The share of generated images in the ball of a real one. */
  public double precision() {
    return precision(all());
  }

  /** The share of real images in the ball of a generated one. */
  public double recall() {
    return recall(all());
  }

  /** How many real images' balls a generated image is in, on average, divided by k. */
  public double density() {
    return density(all());
  }

  /** The share of real images with a generated one in their ball. */
  public double coverage() {
    return coverage(all());
  }

  Estimate precision(Resamples resamples) {
    return estimate(this::precision, resamples);
  }

  Estimate recall(Resamples resamples) {
    return estimate(this::recall, resamples);
  }

  Estimate density(Resamples resamples) {
    return estimate(this::density, resamples);
  }

  Estimate coverage(Resamples resamples) {
    return estimate(this::coverage, resamples);
  }

  /** Half of the images must have neighbours, too. */
  private Estimate estimate(ToDoubleFunction<int[]> number, Resamples resamples) {
    return new Estimate(
        number.applyAsDouble(all()),
        generated / 2 > DENSITY_NEIGHBOURS
            ? Resampling.HALF_SAMPLES.standardError(generated, resamples, number)
            : OptionalDouble.empty());
  }

  private int[] all() {
    int[] weights = new int[generated];
    Arrays.fill(weights, 1);
    return weights;
  }

  private double precision(int[] weights) {
    return mean(weights, j -> precise[j] ? 1 : 0);
  }

  private double density(int[] weights) {
    return mean(weights, j -> balls[j]) / DENSITY_NEIGHBOURS;
  }

  private static double mean(int[] weights, IntToDoubleFunction ofImage) {
    return IntStream.range(0, weights.length)
        .filter(j -> weights[j] > 0)
        .mapToDouble(ofImage)
        .average()
        .orElseThrow();
  }

  private double coverage(int[] weights) {
    return share(
        Arrays.stream(inBall)
            .filter(members -> Arrays.stream(members).anyMatch(j -> weights[j] > 0))
            .count());
  }

  private double recall(int[] weights) {
    return share(
        Arrays.stream(candidates).filter(candidate -> isInABall(candidate, weights)).count());
  }

  /** A ball reaches to the k-th neighbour that is taken: fewer than k taken ones are nearer. */
  private boolean isInABall(Candidates candidate, int[] weights) {
    for (int i = 0; i < candidate.size; i++) {
      int image = candidate.images[i];
      if (weights[image] == 0) {
        continue;
      }
      int[] neighbours = ofGenerated.indices()[image];
      int taken = 0;
      for (int t = 0; t < candidate.nearer[i]; t++) {
        taken += weights[neighbours[t]];
      }
      if (taken < PRECISION_NEIGHBOURS) {
        return true;
      }
    }
    return false;
  }

  private double share(long real) {
    return (double) real / inBall.length;
  }
}
