package dev.hourglass.cli;

import dev.hourglass.sampling.GeneratedImage;
import dev.hourglass.sampling.ImageGenerator;
import dev.hourglass.sampling.SampleRequest;
import dev.hourglass.sampling.sweep.Cell;
import dev.hourglass.sampling.sweep.Sweep;
import dev.hourglass.sampling.sweep.SweepPicture;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;

/** Draws the cells of a sweep, the same images in each, and shows how far it is. */
final class SampleSweep {

  private final Sweep sweep;
  private final List<Cell> cells;
  private final SampleRequest request;
  private final Progress progress;
  private final long total;
  private long before; // sampler steps of the cells that are done
  private boolean begun;

  SampleSweep(Sweep sweep, SampleRequest request, Progress progress) {
    this.sweep = sweep;
    this.cells = sweep.cells();
    this.request = request;
    this.progress = progress;
    int batches = Math.ceilDiv(request.count(), request.batchSize());
    this.total = cells.stream().mapToLong(cell -> (long) batches * cell.settings().steps()).sum();
  }

  /**
   * Draws them.
   *
   * @param generators makes the generator of an average of weights, or of the checkpoint's own; one
   *     at a time is open
   */
  BufferedImage draw(Function<OptionalDouble, ImageGenerator> generators) {
    Map<Integer, List<BufferedImage>> drawn = new TreeMap<>();
    for (OptionalDouble average : cells.stream().map(Cell::sigmaRel).distinct().toList()) {
      try (ImageGenerator generator = generators.apply(average)) {
        for (int i = 0; i < cells.size(); i++) {
          if (cells.get(i).sigmaRel().equals(average)) {
            drawn.put(i, draw(generator, cells.get(i), drawn.size()));
          }
        }
      }
    }
    return SweepPicture.of(sweep, List.copyOf(drawn.values()));
  }

  private List<BufferedImage> draw(ImageGenerator generator, Cell cell, int done) {
    List<GeneratedImage> images = new ArrayList<>();
    String place = "cell %d of %d".formatted(done + 1, cells.size());
    long[] steps = {0};
    generator.generate(
        request,
        cell.settings(),
        (step, all, firstImage, n) -> {
          steps[0] = all;
          show(before + step, place);
        },
        images::add);
    before += steps[0];
    return images.stream().map(GeneratedImage::image).toList();
  }

  private void show(long done, String place) {
    if (begun) {
      progress.update(done, total, place);
    } else {
      // The first step compiles and warms up; the time left is told without it.
      begun = true;
      progress.begin(done, total);
    }
  }
}
