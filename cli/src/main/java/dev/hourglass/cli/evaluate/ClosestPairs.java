package dev.hourglass.cli.evaluate;

import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.evaluation.NearestImages;
import dev.hourglass.evaluation.features.Planes;
import dev.hourglass.sampling.picture.ImageGrid;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The images that are nearest to a real one, each beside that one.
 *
 * @param nearest of all images
 * @param pairs the closest first
 */
public record ClosestPairs(NearestImages nearest, List<Pair> pairs) {

  private static final int SHOWN = 16;
  private static final int PAIRS_A_ROW = 4;

  /**
   * An image and the real one nearest to it.
   *
   * @param distance of their features
   */
  public record Pair(String name, Planes image, String realName, Planes real, double distance) {}

  /**
   * Gets the pictures of the closest pairs.
   *
   * @param realIndex from a place among the real features to the number in the set
   */
  static ClosestPairs of(
      NearestImages nearest, Compared images, FittedImages real, IntUnaryOperator realIndex)
      throws CorruptImageException {
    int[] closest =
        IntStream.range(0, nearest.distances().length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> nearest.distances()[i]))
            .limit(SHOWN)
            .mapToInt(Integer::intValue)
            .toArray();
    List<Pair> pairs = new ArrayList<>();
    for (int i : closest) {
      int index = realIndex.applyAsInt(nearest.indices()[i]);
      pairs.add(
          new Pair(
              images.name().apply(i),
              images.image().apply(i),
              real.name(index),
              real.read(index),
              nearest.distances()[i]));
    }
    return new ClosestPairs(nearest, pairs);
  }

  /** Pairs side by side, image and real image, the closest first. */
  public BufferedImage picture() {
    List<BufferedImage> pictures = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (Pair pair : pairs) {
      pictures.add(pair.image.picture());
      labels.add(pair.name);
      pictures.add(pair.real.picture());
      labels.add("%s %.3g".formatted(withoutFolder(pair.realName), pair.distance));
    }
    return ImageGrid.labelled(pictures, labels, 2 * Math.min(PAIRS_A_ROW, pairs.size()));
  }

  /** Labels are narrow. */
  private static String withoutFolder(String name) {
    return name.replaceFirst(".*[/#]", "");
  }

  /** For the JSON file. */
  public Map<String, Object> words() {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put("median_distance", nearest.median());
    words.put("median_distance_among_real", nearest.medianReal());
    words.put(
        "closest",
        pairs.stream()
            .map(
                pair -> {
                  Map<String, Object> one = new LinkedHashMap<>();
                  one.put("image", pair.name);
                  one.put("real", pair.realName);
                  one.put("distance", pair.distance);
                  one.put("mean_difference_of_samples", pair.image.difference(pair.real));
                  return one;
                })
            .toList());
    return words;
  }

  /** For the screen. */
  public String sentence() {
    return "Distances to the nearest real image: smallest %.4g, median %.4g; among real images: median %.4g."
        .formatted(pairs.getFirst().distance, nearest.median(), nearest.medianReal());
  }
}
