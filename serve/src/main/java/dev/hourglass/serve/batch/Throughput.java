package dev.hourglass.serve.batch;

import java.util.Map.Entry;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;

/**
 * How long a pass takes by its number of images, as measured on this machine.
 *
 * @param seconds of a pass, by images
 */
public record Throughput(NavigableMap<Integer, Double> seconds) {

  /** A pass of more images must save more than this share of the time of each. */
  private static final double WORTH_WAITING = 0.07;

  /** Twice as many images that go no faster than this are the last that are tried. */
  private static final double FLAT = 0.03;

  private static final int WARM_UP_PASSES = 400;
  private static final int PASSES = 25;

  public Throughput {
    seconds = new TreeMap<>(seconds);
    if (!seconds.containsKey(1)) {
      throw new IllegalArgumentException("a pass of one image must be measured");
    }
  }

  /**
   * Measures passes of 1, 2, 4, ... images until more do not go faster.
   *
   * @param pass makes one of so many images, and says how many seconds it took
   * @param most the largest pass to try
   * @param budget seconds after which no larger one is begun
   */
  public static Throughput measure(IntToDoubleFunction pass, int most, double budget) {
    TreeMap<Integer, Double> seconds = new TreeMap<>();
    double spent = 0;
    for (int time = 0; time < WARM_UP_PASSES && spent < budget / 2; time++) {
      spent += pass.applyAsDouble(1 + time % 2); // Until Java has compiled it.
    }
    for (int images = 1; images <= most; images *= 2) {
      double best = Double.POSITIVE_INFINITY;
      double here = 0;
      for (int time = 0; time == 0 || (time < PASSES && here < budget / 12); time++) {
        double took = pass.applyAsDouble(images);
        here += took;
        best = Math.min(best, took);
      }
      spent += here;
      seconds.put(images, best);
      Double half = seconds.get(images / 2);
      if (spent > budget || (half != null && images >= 8 && best / 2 > half * (1 - FLAT))) {
        break;
      }
    }
    return new Throughput(seconds);
  }

  /** Images of the smallest pass that is nearly as fast, by the image, as the fastest. */
  public int bestSize() {
    double fastest = seconds.entrySet().stream().mapToDouble(Throughput::each).min().orElseThrow();
    int size = 1;
    while (secondsOf(size) / size > fastest * (1 + WORTH_WAITING)) {
      size++;
    }
    return size;
  }

  private static double each(Entry<Integer, Double> pass) {
    return pass.getValue() / pass.getKey();
  }

  /** Of a pass of so many images; between and beyond measured ones, in proportion. */
  public double secondsOf(int images) {
    Entry<Integer, Double> below = seconds.floorEntry(images);
    Entry<Integer, Double> above = seconds.ceilingEntry(images);
    if (above == null) {
      return each(below) * images;
    }
    if (above.getKey().equals(below.getKey())) {
      return below.getValue();
    }
    double share = (double) (images - below.getKey()) / (above.getKey() - below.getKey());
    return below.getValue() + share * (above.getValue() - below.getValue());
  }
}
