package dev.hourglass.kernels.optimizer;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.parallel.ElementChunks;
import dev.hourglass.kernels.parallel.Workers;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * One step of AdamW (Loshchilov and Hutter 2019, algorithm 2) and of the moving averages of the
 * weights, for all weights in one pass: each number is read from memory once and written once.
 *
 * <pre>
 * g *= gradientScale
 * w *= 1 - rate * decay
 * m += (1 - beta1) (g - m),   v = beta2 v + (1 - beta2) g^2
 * w -= rate / (1 - beta1^t) * m / (sqrt(v / (1 - beta2^t)) + eps)
 * average += (1 - averageDecay) (w - average)   for each average
 * </pre>
 *
 * <p>Each operation rounds to float32 in the order of libtorch's, so both agree to the last bit or
 * nearly so.
 */
public final class AdamWKernel {

  /**
   * What all weights share.
   *
   * @param number of the step, t in the equations: 1 for the first
   * @param gradientScale multiplies every gradient: the clipping factor
   * @param averageDecays what each average keeps, in [0, 1]
   */
  public record Step(
      long number,
      double gradientScale,
      double beta1,
      double beta2,
      double eps,
      List<Double> averageDecays) {}

  /**
   * One weight array: addresses of float32 numbers, all of the same count.
   *
   * @param gradient 0 if there is none: then the averages alone move
   * @param mean m in the equations
   * @param square v in the equations
   * @param averages one or more, in the order of the step's decays
   * @param rate this array's learning rate
   * @param decay this array's weight decay
   */
  public record Arrays(
      long weight,
      long gradient,
      long mean,
      long square,
      List<Long> averages,
      double rate,
      double decay) {}

  /** Where the averages begin among the places of an array's numbers. */
  private static final int AVERAGES = 4;

  private final float gradientScale;
  private final float meanShare;
  private final float squareKept;
  private final float squareShare;
  private final float squareBiasRoot;
  private final double meanBias;
  private final float eps;
  private final float[] averageShares;

  private AdamWKernel(Step step) {
    gradientScale = (float) step.gradientScale;
    meanShare = (float) (1 - step.beta1);
    squareKept = (float) step.beta2;
    squareShare = (float) (1 - step.beta2);
    meanBias = 1 - Math.pow(step.beta1, (double) step.number);
    squareBiasRoot = (float) Math.sqrt(1 - Math.pow(step.beta2, (double) step.number));
    eps = (float) step.eps;
    averageShares = new float[step.averageDecays.size()];
    for (int i = 0; i < averageShares.length; i++) {
      averageShares[i] = (float) (1 - step.averageDecays.get(i));
    }
  }

  /**
   * Updates all arrays.
   *
   * @param chunks the split of the arrays, by their counts
   * @throws IllegalArgumentException if there are more or fewer arrays than were split, or more or
   *     fewer averages of one than decays, or none
   */
  public static void update(ElementChunks chunks, List<Arrays> arrays, Step step) {
    if (arrays.size() != chunks.arrays()) {
      throw new IllegalArgumentException(
          "%d arrays where %d were split".formatted(arrays.size(), chunks.arrays()));
    }
    int averages = step.averageDecays.size();
    if (averages == 0 || !arrays.stream().allMatch(a -> a.averages.size() == averages)) {
      throw new IllegalArgumentException("%d decays of averages".formatted(averages));
    }
    AdamWKernel kernel = new AdamWKernel(step);
    Workers.shared()
        .run(
            chunks.count(),
            (chunk, scratch) ->
                kernel.updateChunk(
                    arrays.get(chunks.array(chunk)),
                    Float.BYTES * chunks.start(chunk),
                    chunks.length(chunk),
                    scratch));
  }

  private void updateChunk(Arrays a, long start, int count, Scratch scratch) {
    int rest = count % Lanes.COUNT;
    long whole = 4L * (count - rest);
    if (whole > 0) {
      updateVectors(a, places(a, start), whole);
    }
    if (rest > 0) {
      updateRest(a, places(a, start + whole), 4L * rest, scratch);
    }
  }

  /** Weight, gradient (0 if there is none), mean, square and averages of a chunk. */
  private static long[] places(Arrays a, long start) {
    long[] places = new long[AVERAGES + a.averages.size()];
    places[0] = a.weight + start;
    places[1] = a.gradient == 0 ? 0 : a.gradient + start;
    places[2] = a.mean + start;
    places[3] = a.square + start;
    for (int i = 0; i < a.averages.size(); i++) {
      places[AVERAGES + i] = a.averages.get(i) + start;
    }
    return places;
  }

  /** Less than a vector, by way of memory that holds whole ones. */
  private void updateRest(Arrays a, long[] own, long bytes, Scratch scratch) {
    long[] copies = new long[own.length];
    for (int i = 0; i < own.length; i++) {
      if (own[i] != 0) {
        copies[i] = scratch.bytes(Lanes.BYTES);
        Memory.zero(copies[i], Lanes.BYTES);
        Memory.copy(own[i], copies[i], bytes);
      }
    }
    updateVectors(a, copies, Lanes.BYTES);
    for (int i = 0; i < own.length; i++) {
      if (own[i] != 0 && i != 1) { // The gradient stays.
        Memory.copy(copies[i], own[i], bytes);
      }
    }
  }

  /** The first average moves while its weight is in a register, others while it is in the cache. */
  private void updateVectors(Arrays a, long[] places, long bytes) {
    int moved = 0;
    if (places[1] != 0) {
      float kept = (float) (1 - a.rate * a.decay);
      float change = (float) (-a.rate / meanBias);
      step(
          places[0],
          places[1],
          places[2],
          places[3],
          places[AVERAGES],
          bytes,
          kept,
          change,
          averageShares[0]);
      moved = 1;
    }
    for (int i = moved; i < averageShares.length; i++) {
      moveAverage(places[0], places[AVERAGES + i], bytes, averageShares[i]);
    }
  }

  /**
   * The whole step, of whole vectors.
   *
   * @param kept what the decay leaves of a weight
   * @param change what the weight moves by for m at 1 and the root of v at 1
   * @param averageShare of the weight in the average
   */
  private void step(
      long weight,
      long gradient,
      long mean,
      long square,
      long average,
      long bytes,
      float kept,
      float change,
      float averageShare) {
    VectorMask<Float> meanFromEnd = fromEnd(meanShare);
    VectorMask<Float> averageFromEnd = fromEnd(averageShare);
    FloatVector meanFactor = lerpFactor(meanShare);
    FloatVector averageFactor = lerpFactor(averageShare);
    long at = 0;
    do {
      FloatVector g =
          FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, gradient + at, ORDER).mul(gradientScale);
      FloatVector m = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, mean + at, ORDER);
      m = g.sub(m).fma(meanFactor, m.blend(g, meanFromEnd));
      m.intoMemorySegment(ALL, mean + at, ORDER);
      FloatVector v = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, square + at, ORDER);
      v = g.mul(squareShare).fma(g, v.mul(squareKept));
      v.intoMemorySegment(ALL, square + at, ORDER);
      FloatVector w = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, weight + at, ORDER);
      w = w.mul(kept).add(m.mul(change).div(v.sqrt().div(squareBiasRoot).add(eps)));
      w.intoMemorySegment(ALL, weight + at, ORDER);
      FloatVector e = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, average + at, ORDER);
      w.sub(e)
          .fma(averageFactor, e.blend(w, averageFromEnd))
          .intoMemorySegment(ALL, average + at, ORDER);
      at += Lanes.BYTES;
    } while (at != bytes);
  }

  /** An average's part of the step, of whole vectors and at least one. */
  static void moveAverage(long weight, long average, long bytes, float share) {
    VectorMask<Float> fromEnd = fromEnd(share);
    FloatVector factor = lerpFactor(share);
    long at = 0;
    do {
      FloatVector w = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, weight + at, ORDER);
      FloatVector e = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, average + at, ORDER);
      w.sub(e).fma(factor, e.blend(w, fromEnd)).intoMemorySegment(ALL, average + at, ORDER);
      at += Lanes.BYTES;
    } while (at != bytes);
  }

  /**
   * Whether to interpolate from x to y backwards. {@code x + share (y - x)} is not quite y when the
   * share is 1, so from a half on it is {@code y + (share - 1) (y - x)}, as libtorch does it.
   */
  static VectorMask<Float> fromEnd(float share) {
    return Lanes.FLOATS.maskAll(share >= 0.5f);
  }

  static FloatVector lerpFactor(float share) {
    return FloatVector.broadcast(Lanes.FLOATS, share >= 0.5f ? share - 1 : share);
  }
}
