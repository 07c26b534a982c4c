package dev.hourglass.testing;

import dev.hourglass.core.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What a number format can do on one case: how far each result moves when every number that goes in
 * is off by a few roundings.
 *
 * <p>No constant can say how exact float32 has to be: a sum whose terms cancel loses digits in any
 * order of adding, and which digits depends on the processor. So the case itself is asked. It is
 * computed in double precision, once as it is, the truth, and then with random relative noise on
 * all its inputs. Nothing of that depends on the code under test or on the processor.
 *
 * <p>An element may be off by the most that noise moved it, at least by three standard deviations
 * of its whole array, plus two roundings of the array's largest number.
 */
public final class Sensitivity {

  private static final int DRAWS = 8;
  private static final long SEED = 0x73656e73L;

  /** A case in double precision: takes all its inputs through {@code inputs}. */
  @FunctionalInterface
  public interface Computation {
    Map<String, double[]> results(Inputs inputs);
  }

  /** Numbers on their way into a computation, with or without noise. */
  @FunctionalInterface
  public interface Inputs {
    double[] of(double[] values);
  }

  private final Rounding rounding;
  private final Map<String, double[]> truth;
  private final List<Map<String, double[]>> draws;

  private Sensitivity(
      Rounding rounding, Map<String, double[]> truth, List<Map<String, double[]>> draws) {
    this.rounding = rounding;
    this.truth = truth;
    this.draws = draws;
  }

  public static Sensitivity of(Rounding rounding, Computation computation) {
    return of(rounding, DRAWS, computation);
  }

  /**
   * The same with another number of draws; two are enough where every array is long.
   *
   * @param computation the same arrays whenever it is called, of the same lengths
   */
  public static Sensitivity of(Rounding rounding, int draws, Computation computation) {
    Map<String, double[]> truth = computation.results(values -> values);
    List<Map<String, double[]>> noisy = new ArrayList<>();
    for (int draw = 0; draw < draws; draw++) {
      RandomStream random = RandomStream.of(SEED, draw);
      noisy.add(computation.results(values -> noisy(values, rounding.noise(), random)));
    }
    return new Sensitivity(rounding, truth, noisy);
  }

  private static double[] noisy(double[] values, double noise, RandomStream random) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i] * (1 + noise * random.nextGaussian());
    }
    return result;
  }

  /** A result as it is without noise. */
  public double[] truth(String name) {
    double[] values = truth.get(name);
    if (values == null) {
      throw new IllegalArgumentException("no result " + name + " among " + truth.keySet());
    }
    return values;
  }

  /** By how much each element of a result may be off. */
  public double[] allowance(String name) {
    return allowance(name, 0);
  }

  /**
   * The same where terms inside the computation cancel to little or nothing, whatever the inputs'
   * noise.
   *
   * @param uncancelled how large the result's numbers would be if nothing cancelled
   */
  public double[] allowance(String name, double uncancelled) {
    double[] same = new double[truth(name).length];
    Arrays.fill(same, uncancelled);
    return allowance(name, same);
  }

  /** The same for terms of each element's own size. */
  public double[] allowance(String name, double[] uncancelled) {
    double[] exact = truth(name);
    double[] most = new double[exact.length];
    double sumOfSquares = 0;
    double largest = 0;
    for (int i = 0; i < exact.length; i++) {
      for (Map<String, double[]> draw : draws) {
        double moved = Math.abs(draw.get(name)[i] - exact[i]);
        most[i] = Math.max(most[i], moved);
        sumOfSquares += moved * moved;
      }
      largest = Math.max(largest, Math.abs(exact[i]));
    }
    double ofInputs = Math.sqrt(sumOfSquares / draws.size() / Math.max(1, exact.length));
    double[] allowance = new double[exact.length];
    for (int i = 0; i < most.length; i++) {
      double deviation = Math.hypot(ofInputs, rounding.noise() * uncancelled[i]);
      allowance[i] = Math.max(most[i], 3 * deviation) + 2 * rounding.unit() * largest;
    }
    return allowance;
  }

  /** The largest error as a part of what is allowed: above 1 if a result is wrong. */
  public double ratio(String name, double[] actual) {
    return ratio(actual, truth(name), allowance(name));
  }

  /** The same for other values than the truth, and an allowance got before. */
  public static double ratio(double[] actual, double[] expected, double[] allowance) {
    if (actual.length != expected.length || actual.length != allowance.length) {
      throw new AssertionError(
          "%d numbers where %d are expected".formatted(actual.length, expected.length));
    }
    double largest = 0;
    for (int i = 0; i < actual.length; i++) {
      double error = Math.abs(actual[i] - expected[i]);
      double ratio = error == 0 ? 0 : error / allowance[i];
      largest = Double.isNaN(ratio) ? Double.POSITIVE_INFINITY : Math.max(largest, ratio);
    }
    return largest;
  }

  /** Requires that a result is as good as its number format allows. */
  public void require(String name, double[] actual) {
    double ratio = ratio(name, actual);
    if (!(ratio <= 1)) {
      throw new AssertionError("%s is off by %.3g of what is allowed".formatted(name, ratio));
    }
  }
}
