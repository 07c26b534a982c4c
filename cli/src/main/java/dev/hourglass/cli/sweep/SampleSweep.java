package dev.hourglass.cli.sweep;

import dev.hourglass.sampling.GeneratedImage;
import dev.hourglass.sampling.ImageGenerator;
import dev.hourglass.sampling.SampleListener;
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

/** Draws the cells of a sweep, the same images in each. */
public final class SampleSweep {

  private final Sweep sweep;
  private final List<Cell> cells;
  private final SampleRequest request;
  private final SampleListener listener;
  private final long total;
  private long before; // sampler steps of the cells that are done

  /**
   * A sweep of the images of a request.
   *
   * @param listener hears of the steps of all cells together
   */
  public SampleSweep(Sweep sweep, SampleRequest request, SampleListener listener) {
    this.sweep = sweep;
    this.cells = sweep.cells();
    this.request = request;
    this.listener = listener;
    int batches = Math.ceilDiv(request.count(), request.batchSize());
    this.total = cells.stream().mapToLong(cell -> (long) batches * cell.settings().steps()).sum();
  }

  /**
   * Draws them.
   *
   * @param generators makes the generator of an average of weights, or of the checkpoint's own; one
   *     at a time is open
   */
  public BufferedImage draw(Function<OptionalDouble, ImageGenerator> generators) {
    Map<Integer, List<BufferedImage>> drawn = new TreeMap<>();
    for (OptionalDouble average : cells.stream().map(Cell::sigmaRel).distinct().toList()) {
      try (ImageGenerator generator = generators.apply(average)) {
        for (int i = 0; i < cells.size(); i++) {
          if (cells.get(i).sigmaRel().equals(average)) {
            drawn.put(i, draw(generator, cells.get(i)));
          }
        }
      }
    }
    return SweepPicture.of(sweep, List.copyOf(drawn.values()));
  }

  private List<BufferedImage> draw(ImageGenerator generator, Cell cell) {
    List<GeneratedImage> images = new ArrayList<>();
    long[] steps = {0};
    generator.generate(
        request,
        cell.settings(),
        (step, all, firstImage, n) -> {
          steps[0] = all;
          listener.step(before + step, total, firstImage, n);
        },
        images::add);
    before += steps[0];
    return images.stream().map(GeneratedImage::image).toList();
  }
}
