package dev.hourglass.cli;

import dev.hourglass.sampling.GeneratedImage;
import dev.hourglass.sampling.ImageGenerator;
import dev.hourglass.sampling.SampleRequest;
import dev.hourglass.sampling.SampleSettings;
import dev.hourglass.sampling.sweep.Sweep;
import dev.hourglass.sampling.sweep.SweepPicture;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Draws the cells of a sweep, the same images in each, and shows how far it is. */
final class SampleSweep {

  private final Sweep sweep;
  private final Progress progress;
  private final long total;
  private long before; // sampler steps of the cells that are done
  private boolean begun;

  /** A sweep of as many batches a cell. */
  SampleSweep(Sweep sweep, SampleRequest request, Progress progress) {
    this.sweep = sweep;
    this.progress = progress;
    int batches = Math.ceilDiv(request.count(), request.batchSize());
    this.total = sweep.cells().stream().mapToLong(cell -> (long) batches * cell.steps()).sum();
  }

  BufferedImage draw(ImageGenerator generator, SampleRequest request) {
    List<List<BufferedImage>> cells = new ArrayList<>();
    List<SampleSettings> settings = sweep.cells();
    for (int cell = 0; cell < settings.size(); cell++) {
      List<GeneratedImage> images = new ArrayList<>();
      String place = "cell %d of %d".formatted(cell + 1, settings.size());
      long[] steps = {0};
      generator.generate(
          request,
          settings.get(cell),
          (done, all, firstImage, n) -> {
            steps[0] = all;
            step(before + done, place);
          },
          images::add);
      before += steps[0];
      cells.add(images.stream().map(GeneratedImage::image).toList());
    }
    return SweepPicture.of(sweep, cells);
  }

  private void step(long done, String place) {
    if (begun) {
      progress.update(done, total, place);
    } else {
      // The first step compiles and warms up; the time left is told without it.
      begun = true;
      progress.begin(done, total);
    }
  }
}
