package dev.hourglass.cli.evaluate;

import dev.hourglass.evaluation.features.FeatureExtractor;
import dev.hourglass.evaluation.store.FeatureStatistics;
import dev.hourglass.evaluation.store.SavedStatistics;
import dev.hourglass.sampling.picture.PngFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that say what is written, and the writing. */
public final class OutputOptions {

  @Option(
      names = "--neighbours",
      paramLabel = "FILE",
      description =
          "A PNG file of the images that are nearest to a real one, beside that: copies of training"
              + " images show here.")
  Path neighbours;

  @Option(
      names = "--save-stats",
      paramLabel = "FILE",
      description = "Keep the sums that FID is computed from, of the images (not the real ones).")
  Path statistics;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "JSON file of the numbers and of all that is needed to get them again.")
  Path file;

  /** Whether the closest pairs are wanted. */
  public boolean showsNeighbours() {
    return neighbours != null;
  }

  /** Whether sums are kept. */
  public boolean savesStatistics() {
    return statistics != null;
  }

  /** The JSON file. */
  public Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  /**
   * Keeps the sums of images, if wanted.
   *
   * @param digest of the images, by which they are known when sums are merged
   */
  public void save(Compared images, FeatureExtractor extractor, String digest, Watch watch) {
    if (savesStatistics()) {
      save(
          new SavedStatistics(
              extractor.name(),
              extractor.digest(),
              List.of(digest),
              FeatureStatistics.of(images.features().features().features())),
          watch);
    }
  }

  /** Keeps sums, if wanted. */
  public void save(SavedStatistics sums, Watch watch) {
    if (savesStatistics()) {
      sums.write(statistics);
      watch.note("%s: the sums of %,d images.".formatted(statistics, sums.statistics().images()));
    }
  }

  /**
   * Draws the closest pairs, if wanted.
   *
   * @param context of the report, which tells of them
   * @param software that the picture is by
   */
  public void show(
      Reference real, Compared images, Map<String, Object> context, String software, Watch watch) {
    if (neighbours == null) {
      return;
    }
    ClosestPairs pairs = real.closest(images);
    PngFile.write(neighbours, pairs.picture(), Map.of("Software", software));
    context.put("neighbours", pairs.words());
    watch.note(pairs.sentence());
    watch.note(neighbours.toString());
  }

  /** Prints the numbers, and writes the JSON file. */
  public void finish(EvaluationReport report, PrintWriter out) {
    report.print(out);
    file()
        .ifPresent(
            path -> {
              report.write(path);
              out.println(path);
            });
    out.flush();
  }
}
