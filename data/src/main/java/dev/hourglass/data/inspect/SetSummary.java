package dev.hourglass.data.inspect;

import dev.hourglass.config.Size;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was found in a set.
 *
 * @param images those that were decoded
 * @param gray how many of them have one channel
 * @param turned how many were stored in another orientation, and turned upright
 * @param classes in the order of their numbers; empty without classes
 * @param sizes of the images as they are stored
 * @param broken name to reason of those that cannot be decoded, sorted by name
 * @param pixels of red, green and blue, or of gray alone if all images are gray; a gray image among
 *     those in colour counts as three equal channels, as in training
 * @param together over the pixels of all channels
 * @param duplicates names of images with the same pixels, group by group, in the set's order
 * @param duplicatesAcrossClasses how many groups hold images of more than one class
 */
public record SetSummary(
    int images,
    int gray,
    int turned,
    List<ClassCount> classes,
    Sizes sizes,
    SortedMap<String, String> broken,
    List<Moments> pixels,
    Moments together,
    List<List<String>> duplicates,
    int duplicatesAcrossClasses) {

  public SetSummary {
    classes = List.copyOf(classes);
    pixels = List.copyOf(pixels);
    duplicates = List.copyOf(duplicates);
    broken = Collections.unmodifiableSortedMap(new TreeMap<>(broken));
  }

  /** How many images a class has. */
  public record ClassCount(String name, int images) {}

  /**
   * Mean and standard deviation of pixels in [-1, 1].
   *
   * @param channel red, green, blue, gray, or all
   */
  public record Moments(String channel, double mean, double deviation) {}

  /**
   * How large images are.
   *
   * @param different how many sizes there are
   * @param mostFrequent the first few, with their counts
   * @param enlarged how many are smaller than the size asked for on a side that must be filled; 0
   *     if none was asked for
   */
  public record Sizes(
      int different, List<SizeCount> mostFrequent, Range height, Range width, int enlarged) {

    public Sizes {
      mostFrequent = List.copyOf(mostFrequent);
    }
  }

  /** How many images have a size. */
  public record SizeCount(Size size, int images) {}

  /** Smallest, median (the lower of two) and largest, in pixels. */
  public record Range(int smallest, int median, int largest) {}

  /** How many images repeat the pixels of an earlier one. */
  public int repeated() {
    return duplicates.stream().mapToInt(group -> group.size() - 1).sum();
  }

  /** What to set {@code model.sigma_data} to: the deviation of all pixels about their mean. */
  public double sigmaData() {
    return together.deviation();
  }
}
