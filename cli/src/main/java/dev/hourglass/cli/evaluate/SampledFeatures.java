package dev.hourglass.cli.evaluate;

import dev.hourglass.evaluation.features.Planes;
import dev.hourglass.evaluation.store.NumberedFeatures;
import dev.hourglass.sampling.GeneratedImage;
import dev.hourglass.sampling.ImageGenerator;
import dev.hourglass.sampling.SampleListener;
import dev.hourglass.sampling.SampleRequest;
import dev.hourglass.sampling.SampleSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * Features of images that a model draws, with the samples that their PNG files would have.
 *
 * @param request which images, and how many at once; its classes are not looked at
 * @param classes of each image
 */
public record SampledFeatures(SampleRequest request, ClassPlan classes, Extraction extraction) {

  /**
   * Draws what the log does not hold yet, in the batches of an undisturbed run, so that the numbers
   * are the same to the bit.
   *
   * @param before images of other cells that are done
   * @return numbered by position; the caller closes it
   */
  NumberedFeatures draw(
      ImageGenerator generator, SampleSettings settings, FeatureLog log, long before, Watch watch) {
    log.keepFirst(wholeBatches(log.records()));
    for (int from = (int) log.records(); from < request.count(); from = (int) log.records()) {
      int n = Math.min(request.batchSize(), request.count() - from);
      long done = before + from;
      List<Planes> images =
          draw(
              generator,
              settings,
              request.firstIndex() + from,
              n,
              (step, steps, first, size) -> watch.done(done + (double) n * step / steps));
      long[] positions = new long[n];
      for (int i = 0; i < n; i++) {
        positions[i] = (long) from + i;
      }
      log.add(positions, extraction.of(images));
    }
    return log.content();
  }

  private long wholeBatches(long images) {
    return images >= request.count() ? request.count() : images - images % request.batchSize();
  }

  /** One image again, up to rounding: its batch was another. */
  Planes image(ImageGenerator generator, SampleSettings settings, long index) {
    return draw(generator, settings, index, 1, SampleListener.NONE).getFirst();
  }

  private List<Planes> draw(
      ImageGenerator generator,
      SampleSettings settings,
      long firstIndex,
      int count,
      SampleListener listener) {
    List<GeneratedImage> images = new ArrayList<>();
    generator.generate(
        new SampleRequest(
            firstIndex,
            count,
            count,
            classes instanceof ClassPlan.None ? List.of() : classes.forRequest(firstIndex, count),
            request.vector()),
        settings,
        listener,
        image -> {
          image.requireFinite();
          images.add(image);
        });
    return images.stream().map(image -> Planes.of(image.image())).toList();
  }
}
