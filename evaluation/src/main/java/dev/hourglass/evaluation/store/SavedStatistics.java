package dev.hourglass.evaluation.store;

import dev.hourglass.core.InputException;
import dev.hourglass.safetensors.DType;
import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.safetensors.SafetensorsWriter;
import dev.hourglass.safetensors.TensorData;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Statistics of features as a safetensors file, with what they are of.
 *
 * @param extractor its name
 * @param extractorDigest what changes with its features
 * @param sets digests of the sets of images that were added, sorted, none twice
 */
public record SavedStatistics(
    String extractor, String extractorDigest, List<String> sets, FeatureStatistics statistics) {

  private static final String KIND = "hourglass feature statistics 1";
  private static final String KIND_KEY = "kind";
  private static final String EXTRACTOR_KEY = "extractor";
  private static final String EXTRACTOR_DIGEST_KEY = "extractor_digest";
  private static final String SETS_KEY = "data_digest";
  private static final String IMAGES_KEY = "images";

  public SavedStatistics {
    sets = sets.stream().sorted().toList();
  }

  /** Writes the file, atomically. */
  public void write(Path file) {
    int d = statistics.features();
    List<TensorData> tensors = new ArrayList<>();
    tensors.add(tensor("sum.high", statistics.sum().high(), d));
    tensors.add(tensor("sum.low", statistics.sum().low(), d));
    tensors.add(tensor("outer.high", statistics.products().high(), d, d));
    tensors.add(tensor("outer.low", statistics.products().low(), d, d));
    SafetensorsWriter.write(
        file,
        tensors,
        Map.of(
            KIND_KEY,
            KIND,
            EXTRACTOR_KEY,
            extractor,
            EXTRACTOR_DIGEST_KEY,
            extractorDigest,
            SETS_KEY,
            String.join(",", sets),
            IMAGES_KEY,
            Long.toString(statistics.images())));
  }

  private static TensorData tensor(String name, double[] values, long... shape) {
    return TensorData.of(name, DType.F64, shape, MemorySegment.ofArray(values));
  }

  /**
   * Reads a file.
   *
   * @throws InputException if it holds no such statistics, or is damaged
   */
  public static SavedStatistics read(Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      Map<String, String> metadata = file.metadata();
      if (!KIND.equals(metadata.get(KIND_KEY))) {
        throw new InputException(
            "%s holds no statistics of features; give a file written by --save-stats."
                .formatted(path));
      }
      DoubleDoubles sum = DoubleDoubles.of(doubles(file, "sum.high"), doubles(file, "sum.low"));
      DoubleDoubles products =
          DoubleDoubles.of(doubles(file, "outer.high"), doubles(file, "outer.low"));
      long d = sum.count();
      if (sum.low().length != d
          || products.high().length != d * d
          || products.low().length != d * d) {
        throw damaged(path, "its sums are of different numbers of features");
      }
      return new SavedStatistics(
          text(path, metadata, EXTRACTOR_KEY),
          text(path, metadata, EXTRACTOR_DIGEST_KEY),
          List.of(text(path, metadata, SETS_KEY).split(",")),
          FeatureStatistics.of(images(path, metadata), sum, products));
    }
  }

  private static double[] doubles(SafetensorsFile file, String name) {
    double[] values = file.doubles(name);
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw damaged(file.path(), name + " holds numbers that are NaN or infinite");
      }
    }
    return values;
  }

  private static String text(Path path, Map<String, String> metadata, String key) {
    String text = metadata.get(key);
    if (text == null) {
      throw damaged(path, "it does not say its " + key);
    }
    return text;
  }

  private static long images(Path path, Map<String, String> metadata) {
    try {
      long images = Long.parseLong(text(path, metadata, IMAGES_KEY));
      if (images > 0) {
        return images;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw damaged(path, "it does not say of how many images it is");
  }

  private static InputException damaged(Path path, String what) {
    return new InputException(
        "%s is damaged: %s; write it again with --save-stats.".formatted(path, what));
  }

  /**
   * The statistics of all files together.
   *
   * @param files at least one
   * @throws InputException if they are of different extractors, or hold a set of images twice
   */
  public static SavedStatistics merged(List<Path> files) {
    SavedStatistics all = read(files.getFirst());
    for (Path file : files.subList(1, files.size())) {
      SavedStatistics next = read(file);
      next.requireExtractor(file, all.extractor, all.extractorDigest);
      List<String> known = all.sets;
      next.sets.stream()
          .filter(known::contains)
          .findFirst()
          .ifPresent(
              set -> {
                throw new InputException(
                    "%s holds images that are in another of the files too (%s); give each set once."
                        .formatted(file, set));
              });
      all =
          new SavedStatistics(
              all.extractor,
              all.extractorDigest,
              Stream.concat(all.sets.stream(), next.sets.stream()).toList(),
              all.statistics.plus(next.statistics));
    }
    return all;
  }

  /**
   * Refuses features that others cannot be compared with.
   *
   * @param file that these are from
   */
  public void requireExtractor(Path file, String name, String digest) {
    if (!extractorDigest.equals(digest)) {
      throw new InputException(
          "%s holds features of %s (%s), and cannot be compared with those of %s (%s); use one extractor for all."
              .formatted(file, extractor, extractorDigest, name, digest));
    }
  }
}
