package dev.hourglass.cli.evaluate;

import dev.hourglass.evaluation.Resamples;
import dev.hourglass.evaluation.Scores;
import dev.hourglass.evaluation.store.NumberedFeatures;
import dev.hourglass.sampling.ImageGenerator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Draws images with each of some settings, from the same seeds, and compares them with real ones.
 */
public final class ModelScores implements AutoCloseable {

  private final SampledFeatures samples;
  private final List<Work> works;
  private final boolean resumable;
  private final Watch watch;

  /** A cell's features as they come. */
  private record Work(LabelledCell cell, FeatureLog log) {}

  /**
   * Begins, or goes on with what a stopped run left.
   *
   * @param settings what the images of all cells depend on
   * @param out the file of the result, beside which unfinished work lies; without, a stopped run
   *     starts again
   */
  public ModelScores(
      SampledFeatures samples,
      List<LabelledCell> cells,
      Map<String, String> settings,
      Optional<Path> out,
      Watch watch) {
    this.samples = samples;
    this.watch = watch;
    this.resumable = out.isPresent();
    this.works = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      Map<String, String> all = new LinkedHashMap<>(settings);
      all.putAll(cells.get(i).swept());
      String suffix = cells.size() == 1 ? ".partial" : ".%d.partial".formatted(i);
      Path path =
          out.map(file -> file.resolveSibling(file.getFileName() + suffix))
              .orElseGet(Extraction::temporary);
      works.add(new Work(cells.get(i), FeatureLog.open(path, all, samples.extraction().sizes())));
    }
  }

  /**
   * Draws and compares.
   *
   * @param real what with
   * @param generators makes the generator of an average of weights, or of the checkpoint's own; one
   *     at a time is open
   * @param consumer gets the images of each cell, whose features are closed after that
   * @return a result for each cell, in their order
   */
  public List<Result> compute(
      NumberedFeatures real,
      Function<OptionalDouble, ImageGenerator> generators,
      Resamples resamples,
      Consumer<Compared> consumer) {
    long done = done();
    if (done > 0) {
      watch.note("%,d images are drawn already.".formatted(done));
    }
    watch.begin("draw", done, (long) works.size() * samples.request().count());
    Map<Integer, Result> results = new TreeMap<>();
    for (OptionalDouble average :
        works.stream().map(work -> work.cell.cell().sigmaRel()).distinct().toList()) {
      try (ImageGenerator generator = generators.apply(average)) {
        for (int i = 0; i < works.size(); i++) {
          if (works.get(i).cell.cell().sigmaRel().equals(average)) {
            results.put(i, result(real, generator, works.get(i), resamples, consumer));
          }
        }
      }
    }
    return List.copyOf(results.values());
  }

  private long done() {
    return works.stream().mapToLong(work -> work.log.records()).sum();
  }

  private Result result(
      NumberedFeatures real,
      ImageGenerator generator,
      Work work,
      Resamples resamples,
      Consumer<Compared> consumer) {
    try (NumberedFeatures drawn =
        samples.draw(
            generator, work.cell.cell().settings(), work.log, done() - work.log.records(), watch)) {
      long first = samples.request().firstIndex();
      consumer.accept(
          new Compared(
              drawn,
              place -> Long.toString(first + place),
              place -> samples.image(generator, work.cell.cell().settings(), first + place)));
      return new Result(work.cell.swept(), Scores.of(real.features(), drawn.features(), resamples));
    }
  }

  /** The results are written: what they were computed from is no longer needed. */
  public void forget() {
    works.forEach(work -> work.log.delete());
  }

  /** Keeps what a later run can go on with. */
  @Override
  public void close() {
    if (!resumable) {
      forget();
    }
  }
}
