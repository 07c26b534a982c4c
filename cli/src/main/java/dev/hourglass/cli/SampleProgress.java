package dev.hourglass.cli;

import dev.hourglass.cli.report.Progress;
import dev.hourglass.sampling.Preview;
import dev.hourglass.sampling.SampleListener;
import java.util.function.Consumer;

/** Shows how far the drawing of images is, in sampler steps. */
final class SampleProgress implements SampleListener {

  private final Progress progress;
  private final int count;
  private final Consumer<Preview> previews;
  private boolean begun;

  SampleProgress(Progress progress, int count) {
    this(progress, count, preview -> {});
  }

  /** The same, which hands previews on. */
  SampleProgress(Progress progress, int count, Consumer<Preview> previews) {
    this.progress = progress;
    this.count = count;
    this.previews = previews;
  }

  @Override
  public void denoised(Preview preview) {
    previews.accept(preview);
  }

  @Override
  public void step(long done, long total, int firstImage, int images) {
    if (!begun) {
      // The first step compiles and warms up; the time left is told without it.
      begun = true;
      progress.begin(done, total);
      return;
    }
    progress.update(
        done, total, "image %d to %d of %d".formatted(firstImage + 1, firstImage + images, count));
  }
}
