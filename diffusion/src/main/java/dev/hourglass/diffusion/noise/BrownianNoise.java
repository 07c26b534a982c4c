package dev.hourglass.diffusion.noise;

import dev.hourglass.core.random.Purpose;
import dev.hourglass.kernels.random.NormalNumbers;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * Increments of one Brownian motion W per image, with the noise level as its time: {@code (W(to) -
 * W(from)) / sqrt(from - to)}, standard normal. A sampler with more steps meets the same W at more
 * points, so its images change little; and overlapping intervals, as dpmpp-sde draws them, have the
 * right correlation.
 *
 * <p>W is a virtual Brownian tree (Li et al., "Scalable gradients for stochastic differential
 * equations", 2020, section 4; Gaines and Lyons, 1997): it is known at the ends of an interval, and
 * the value at a dividing point is a Brownian bridge whose normal number follows from the seed, the
 * image and the place in the tree. Here an interval is divided at the geometric mean of its ends:
 * grids of noise levels are much finer near the bottom, and so all levels are resolved in {@value
 * #DEPTH} divisions. Inside a leaf of the tree one normal number serves all points; so the law is
 * exact for increments between points of different leaves, which are 1/{@value #LEAVES} of the
 * range of log sigma wide. Not thread-safe; memory is {@value #CACHED} + 3 float32 images each.
 */
public final class BrownianNoise implements NoiseSource {

  private static final int DEPTH = 14;
  private static final int LEAVES = 1 << DEPTH;

  /** Divisions from the top whose values are kept: most queries share them with the one before. */
  private static final int CACHED = 6;

  /** Rounding that a query beyond the range is forgiven, relative to the noise level. */
  private static final double ROUNDING = 1e-6;

  private final long seed;
  private final long[] images;
  private final long[] shape;
  private final int size;
  private final double sigmaMin;
  private final double logRatio;

  /** W(sigmaMax), W(sigmaMin) being 0. */
  private final float[] top;

  /** The value at the dividing point of each upper division on the way to {@link #cachedLeaf}. */
  private final float[][] path = new float[CACHED][];

  private int cachedLeaf = -1;

  /** The value at the end of the last query, where the next one begins as a rule. */
  private double lastSigma = Double.NaN;

  private float[] lastValue = new float[0];

  /**
   * @param images the index of each image of the batch among all that are sampled from this seed
   * @param sigmaMin the lowest noise level above 0 that will be asked for
   * @param sigmaMax the highest; both are part of what defines the path
   * @param shape of one image, [c, h, w]
   */
  public BrownianNoise(long seed, long[] images, double sigmaMin, double sigmaMax, long... shape) {
    if (!(sigmaMin > 0) || !(sigmaMax > sigmaMin)) {
      throw new IllegalArgumentException(
          "a Brownian path needs 0 < sigmaMin < sigmaMax, not %s and %s"
              .formatted(sigmaMin, sigmaMax));
    }
    this.seed = seed;
    this.images = images.clone();
    this.shape = shape.clone();
    this.size = GaussianField.size(shape);
    this.sigmaMin = sigmaMin;
    this.logRatio = Math.log(sigmaMax / sigmaMin);
    this.top = new float[Math.multiplyExact(images.length, size)];
    Arrays.setAll(path, level -> new float[top.length]);
    float deviation = (float) Math.sqrt(nodeSigma(LEAVES) - nodeSigma(0));
    GaussianField.forEachChunk(
        images.length,
        size,
        (image, chunk, from, to) -> {
          int start = image * size + from;
          int end = image * size + to;
          gaussian(image, chunk, -1, 0, top, start, end);
          for (int i = start; i < end; i++) {
            top[i] *= deviation;
          }
        });
  }

  @Override
  public Tensor noise(double sigmaFrom, double sigmaTo) {
    if (sigmaFrom == sigmaTo) {
      throw new IllegalArgumentException("noise over an interval of no length at " + sigmaFrom);
    }
    float[] from = at(sigmaFrom);
    float[] to = at(sigmaTo);
    float scale = (float) (1 / Math.sqrt(Math.abs(clamp(sigmaFrom) - clamp(sigmaTo))));
    float[] values = new float[from.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = scale * (to[i] - from[i]);
    }
    lastSigma = sigmaTo;
    lastValue = to;
    return Tensors.ofFloats(values, GaussianField.batchShape(images.length, shape));
  }

  /** W at a noise level, all images one after another. */
  private float[] at(double sigma) {
    if (sigma == lastSigma) {
      return lastValue;
    }
    double time = clamp(sigma);
    int leaf = leafOf(time);
    float[] values = new float[top.length];
    GaussianField.forEachChunk(
        images.length,
        size,
        (image, chunk, from, to) -> descend(image, chunk, from, to - from, time, leaf, values));
    cachedLeaf = leaf;
    return values;
  }

  /** From the top of the tree to the leaf that holds {@code time}, for one chunk of one image. */
  private void descend(
      int image, int chunk, int from, int length, double time, int leaf, float[] values) {
    int offset = image * size + from;
    float[] low = new float[length];
    float[] high = Arrays.copyOfRange(top, offset, offset + length);
    float[] middle = new float[length];
    for (int level = 0; level < DEPTH; level++) {
      int index = leaf >> (DEPTH - level);
      int first = index << (DEPTH - level);
      int half = 1 << (DEPTH - level - 1);
      if (isCached(level, index)) {
        System.arraycopy(path[level], offset, middle, 0, length);
      } else {
        gaussian(image, chunk, level, index, middle, 0, length);
        bridge(
            low,
            high,
            middle,
            nodeSigma(first),
            nodeSigma(first + half),
            nodeSigma(first + 2 * half));
        if (level < CACHED) {
          System.arraycopy(middle, 0, path[level], offset, length);
        }
      }
      boolean right = (leaf & half) != 0;
      float[] freed = right ? low : high;
      if (right) {
        low = middle;
      } else {
        high = middle;
      }
      middle = freed;
    }
    gaussian(image, chunk, DEPTH, leaf, middle, 0, length);
    bridge(low, high, middle, nodeSigma(leaf), time, nodeSigma(leaf + 1));
    System.arraycopy(middle, 0, values, offset, length);
  }

  /** Whether {@link #path} holds the dividing point of this interval. */
  private boolean isCached(int level, int index) {
    return level < CACHED && cachedLeaf >= 0 && cachedLeaf >> (DEPTH - level) == index;
  }

  /**
   * A Brownian bridge: given W(l) and W(r), W(t) is normal with the linear interpolation as its
   * mean and variance (t - l)(r - t) / (r - l).
   *
   * @param normal standard normal numbers; replaced by W(t)
   */
  private static void bridge(
      float[] low, float[] high, float[] normal, double l, double t, double r) {
    float weight = (float) ((t - l) / (r - l));
    float deviation = (float) Math.sqrt(Math.max(0, (t - l) * (r - t) / (r - l)));
    for (int i = 0; i < normal.length; i++) {
      normal[i] = low[i] + weight * (high[i] - low[i]) + deviation * normal[i];
    }
  }

  private void gaussian(
      int image, int chunk, int level, int index, float[] target, int from, int to) {
    NormalNumbers.fill(
        GaussianField.stream(seed, Purpose.BROWNIAN, chunk, images[image], level, index),
        target,
        from,
        to);
  }

  /** The noise level at a boundary of leaves: even steps in log sigma. */
  private double nodeSigma(int node) {
    return sigmaMin * Math.exp(logRatio * node / LEAVES);
  }

  private double clamp(double sigma) {
    double sigmaMax = nodeSigma(LEAVES);
    if (!(sigma >= sigmaMin * (1 - ROUNDING)) || !(sigma <= sigmaMax * (1 + ROUNDING))) {
      throw new IllegalArgumentException(
          "the noise level %s is outside the range %s to %s of the Brownian path"
              .formatted(sigma, sigmaMin, sigmaMax));
    }
    return Math.min(sigmaMax, Math.max(sigmaMin, sigma));
  }

  private int leafOf(double time) {
    int leaf = (int) (Math.log(time / sigmaMin) / logRatio * LEAVES);
    return Math.min(LEAVES - 1, Math.max(0, leaf));
  }
}
