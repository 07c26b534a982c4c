package dev.hourglass.cli.evaluate;

import dev.hourglass.core.InputException;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.evaluation.features.FeatureExtractor;
import dev.hourglass.evaluation.features.ImageFeatures;
import dev.hourglass.evaluation.features.Planes;
import dev.hourglass.evaluation.store.FeatureCache;
import dev.hourglass.evaluation.store.NumberedFeatures;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Features of images, by one extractor.
 *
 * @param sizes how many numbers it gives for images of this run's format
 */
public record Extraction(FeatureExtractor extractor, FeatureLog.Sizes sizes) {

  private static final int IMAGES_AT_ONCE = 64;

  /** Asks the extractor for the features of a black image. */
  public static Extraction of(FeatureExtractor extractor, FittedImages.Format format) {
    int[] sizes = new int[2];
    Scope.run(
        () -> {
          int height = format.size().height();
          int width = format.size().width();
          byte[] black = new byte[format.channels() * height * width];
          ImageFeatures features =
              extractor.of(
                  Planes.batch(List.of(new Planes(format.channels(), height, width, black))));
          sizes[0] = Math.toIntExact(features.features().size(1));
          sizes[1] = Math.toIntExact(features.logits().map(logits -> logits.size(1)).orElse(0L));
        });
    return new Extraction(extractor, new FeatureLog.Sizes(sizes[0], sizes[1]));
  }

  /** {@code [n][features, then logits]}. */
  double[][] of(List<Planes> images) {
    double[][] rows = new double[images.size()][sizes.numbers()];
    Scope.run(
        () -> {
          ImageFeatures features = extractor.of(Planes.batch(images));
          fill(rows, features.features(), 0);
          features.logits().ifPresent(logits -> fill(rows, logits, sizes.features()));
        });
    return rows;
  }

  private static void fill(double[][] rows, Tensor numbers, int at) {
    double[] flat = Tensors.toDoubles(numbers);
    int columns = flat.length / rows.length;
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(flat, i * columns, rows[i], at, columns);
    }
  }

  /**
   * The features of a set, or of a random choice of it, numbered as in the set: from the cache, or
   * computed and put there. Images that cannot be read are named and left out.
   *
   * @param digest of the set's files
   * @param count how many at most
   * @throws InputException if fewer than 2 can be read
   */
  public NumberedFeatures of(
      FittedImages images, String digest, int count, Optional<FeatureCache> cache, Watch watch) {
    int[] choice = images.choice(count);
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("data", digest);
    settings.put("read as", images.description());
    settings.put("images", "%d of %d".formatted(choice.length, images.size()));
    settings.put("extractor", extractor.digest());
    if (cache.isEmpty()) {
      return compute(images, choice, temporary(), settings, watch);
    }
    String key = settings.toString();
    try (FeatureCache.Lock lock = cache.get().lock(key)) {
      Optional<NumberedFeatures> found = cache.get().find(key);
      if (found.isPresent()) {
        watch.note(
            "Features of %,d images of %s are in %s."
                .formatted(found.get().images().length, images.location(), cache.get().file(key)));
        return found.get();
      }
      Path file = cache.get().file(key);
      NumberedFeatures computed =
          compute(
              images,
              choice,
              file.resolveSibling(file.getFileName() + ".partial"),
              settings,
              watch);
      cache.get().put(key, computed);
      return computed;
    }
  }

  /** A place for a log that nobody goes on with. */
  static Path temporary() {
    try {
      Path file = Files.createTempFile("hourglass-features", ".partial");
      Files.delete(file);
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private NumberedFeatures compute(
      FittedImages images, int[] choice, Path path, Map<String, String> settings, Watch watch) {
    FeatureLog log = FeatureLog.open(path, settings, sizes);
    int start = Math.toIntExact(log.next());
    watch.begin("features", start, choice.length);
    for (int from = start; from < choice.length; from += IMAGES_AT_ONCE) {
      add(log, images, choice, from, Math.min(choice.length, from + IMAGES_AT_ONCE), watch);
      watch.done(Math.min(choice.length, from + IMAGES_AT_ONCE));
    }
    if (log.records() < 2) {
      log.delete();
      throw new InputException(
          "%s has %d images that can be read, and a comparison needs at least 2; give more."
              .formatted(images.location(), log.records()));
    }
    NumberedFeatures byPosition = log.content();
    log.delete();
    for (int i = 0; i < byPosition.images().length; i++) {
      byPosition.images()[i] = choice[(int) byPosition.images()[i]];
    }
    return byPosition;
  }

  private void add(
      FeatureLog log, FittedImages images, int[] choice, int from, int to, Watch watch) {
    Map<Integer, String> damaged = new ConcurrentHashMap<>();
    List<Optional<Planes>> read =
        IntStream.range(from, to)
            .parallel()
            .mapToObj(position -> read(images, choice[position], position, damaged))
            .toList();
    new TreeMap<>(damaged).values().forEach(watch::note);
    long[] positions =
        IntStream.range(from, to)
            .filter(position -> read.get(position - from).isPresent())
            .asLongStream()
            .toArray();
    if (positions.length > 0) {
      log.add(positions, of(read.stream().flatMap(Optional::stream).toList()));
    }
  }

  private static Optional<Planes> read(
      FittedImages images, int index, int position, Map<Integer, String> damaged) {
    try {
      return Optional.of(images.read(index));
    } catch (CorruptImageException e) {
      damaged.put(position, "Skipped %s: %s.".formatted(e.imageName(), e.reason()));
      return Optional.empty();
    }
  }
}
