package dev.hourglass.examples;

import dev.hourglass.config.Config;
import dev.hourglass.config.DatasetConfig;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.sets.ImageDataset;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Looks for copies: the training image nearest to each drawn one. A model that has learnt its data
 * by heart draws images much nearer to one of them than they are to each other.
 */
public final class NearestImages {

  private NearestImages() {}

  /**
   * An image and the training image nearest to it.
   *
   * @param distance mean absolute difference of the samples, 0 to 255, to the image or its mirror
   *     image, whichever is nearer
   */
  public record Nearest(String image, String training, double distance) {}

  /** {@code NearestImages FOLDER CONFIG DATASET}: a folder of drawn images at the data's size. */
  public static void main(String[] args) throws CorruptImageException {
    DatasetConfig dataset = Config.load(Path.of(args[1])).dataset();
    try (ImageDataset drawn = ImageDataset.open(DatasetConfig.defaults(), Path.of(args[0]));
        ImageDataset training = ImageDataset.open(dataset, Path.of(args[2]))) {
      List<Nearest> copies = find(drawn, training);
      copies.forEach(n -> System.out.printf("%5.1f  %s  %s%n", n.distance, n.image, n.training));
      print("drawn images to the nearest training image", copies);
      print("training images to the nearest other", find(training, training));
    }
  }

  /** For each of {@code images}, nearest pairs first; an image is not compared with itself. */
  public static List<Nearest> find(ImageDataset images, ImageDataset training)
      throws CorruptImageException {
    DecodedImage[] candidates = decode(training);
    boolean amongThemselves = images.equals(training);
    DecodedImage[] queries = amongThemselves ? candidates : decode(images);
    return IntStream.range(0, queries.length)
        .parallel()
        .mapToObj(
            i ->
                IntStream.range(0, candidates.length)
                    .filter(j -> !amongThemselves || j != i)
                    .mapToObj(
                        j ->
                            new Nearest(
                                images.name(i),
                                training.name(j),
                                distance(queries[i], candidates[j])))
                    .min(Comparator.comparingDouble(Nearest::distance))
                    .orElseThrow())
        .sorted(Comparator.comparingDouble(Nearest::distance))
        .toList();
  }

  private static DecodedImage[] decode(ImageDataset images) throws CorruptImageException {
    DecodedImage[] decoded = new DecodedImage[images.size()];
    for (int i = 0; i < decoded.length; i++) {
      decoded[i] = images.decode(i).withChannels(3);
    }
    return decoded;
  }

  private static double distance(DecodedImage a, DecodedImage b) {
    if (a.height() != b.height() || a.width() != b.width()) {
      throw new IllegalArgumentException(
          "%d x %d pixels cannot be compared with %d x %d"
              .formatted(a.height(), a.width(), b.height(), b.width()));
    }
    long same = 0;
    long mirrored = 0;
    for (int y = 0; y < a.height(); y++) {
      for (int x = 0; x < a.width(); x++) {
        int at = 3 * (y * a.width() + x);
        int opposite = 3 * (y * a.width() + a.width() - 1 - x);
        for (int c = 0; c < 3; c++) {
          int value = a.pixels()[at + c] & 0xFF;
          same += Math.abs(value - (b.pixels()[at + c] & 0xFF));
          mirrored += Math.abs(value - (b.pixels()[opposite + c] & 0xFF));
        }
      }
    }
    return (double) Math.min(same, mirrored) / a.pixels().length;
  }

  private static void print(String what, List<Nearest> sorted) {
    int n = sorted.size();
    System.out.printf(
        "%d %s: smallest %.1f, 5%% below %.1f, median %.1f%n",
        n,
        what,
        sorted.getFirst().distance,
        sorted.get(n / 20).distance,
        sorted.get(n / 2).distance);
  }
}
