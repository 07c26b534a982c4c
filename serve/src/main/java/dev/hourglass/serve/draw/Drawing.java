package dev.hourglass.serve.draw;

import dev.hourglass.core.InputException;
import dev.hourglass.sampling.GeneratedImage;
import dev.hourglass.sampling.ImageGenerator;
import dev.hourglass.sampling.Preview;
import dev.hourglass.sampling.SampleListener;
import dev.hourglass.sampling.denoise.Evaluations;
import dev.hourglass.serve.batch.Batcher;
import dev.hourglass.serve.batch.Share;
import dev.hourglass.serve.request.Wanted;
import dev.hourglass.tensor.Torch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A request being drawn: some threads, each of which takes one image after the other and waits in
 * the batcher for every evaluation. Images are drawn one by one, so that they are those of {@code
 * sample}, to the bit.
 */
public final class Drawing {

  /**
   * What a request took.
   *
   * @param seconds from its start to its end
   * @param waited seconds before its first step was computed
   */
  public record Summary(long evaluations, double seconds, double waited) {}

  private final String id;
  private final Wanted wanted;
  private final Batcher batcher;
  private final DrawListener listener;
  private final Runnable onImageOver;
  private final Consumer<Drawing> onEnd;
  private final AtomicInteger beingDrawn = new AtomicInteger();
  private final Share share;
  private final ImageGenerator generator;
  private final long start = System.nanoTime();

  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger threadsLeft;
  private final AtomicInteger imagesLeft;
  private final AtomicLong evaluations = new AtomicLong();
  private final AtomicLong firstStep = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /**
   * @param onImageOver run once for each image, when it is done or will not be drawn
   * @param onEnd run once, before the listener hears of the end
   */
  Drawing(
      String id,
      Wanted wanted,
      Batcher batcher,
      DrawListener listener,
      Runnable onImageOver,
      Consumer<Drawing> onEnd) {
    this.id = id;
    this.wanted = wanted;
    this.batcher = batcher;
    this.listener = listener;
    this.onImageOver = onImageOver;
    this.onEnd = onEnd;
    int count = wanted.request().count();
    int threads = Math.min(count, wanted.model().batched().limit());
    this.share = new Share(threads);
    this.generator =
        ImageGenerator.evaluatedBy(
            batcher.evaluator(wanted.model().batched(), share),
            wanted.model().config(),
            wanted.guide().map(guide -> batcher.evaluator(guide.batched(), share)));
    this.imagesLeft = new AtomicInteger(count);
    this.threadsLeft = new AtomicInteger(threads);
  }

  void start() {
    batcher.join(share);
    int threads = threadsLeft.get();
    for (int i = 0; i < threads; i++) {
      Thread.ofPlatform().daemon().name("draw-" + id.substring(0, 8) + "-" + i).start(this::work);
    }
  }

  public String id() {
    return id;
  }

  public Wanted wanted() {
    return wanted;
  }

  /** Images that are being drawn. */
  int beingDrawn() {
    return beingDrawn.get();
  }

  /** Gives it up, within a step. */
  public void stop(RuntimeException why) {
    batcher.stop(share, why);
  }

  private void work() {
    try {
      // libtorch would share each of a sampler's small operations out to threads of its own.
      Torch.setThreads(1);
      int count = wanted.request().count();
      for (int place = next.getAndIncrement();
          place < count && !share.isStopped();
          place = next.getAndIncrement()) {
        draw(place);
      }
      if (imagesLeft.get() > 0) {
        share.requireGoingOn();
      }
    } catch (Throwable t) {
      failure.compareAndSet(null, t);
      batcher.stop(share, new StoppedException("Another image of the request failed."));
    } finally {
      if (threadsLeft.decrementAndGet() == 0) {
        end();
      }
    }
  }

  private void draw(int place) {
    long index = wanted.request().firstIndex() + place;
    beingDrawn.incrementAndGet();
    try {
      Evaluations made =
          generator.draw(
              wanted.request(), wanted.settings(), place, new Progress(index), this::imageDone);
      evaluations.addAndGet(made.main() + made.guiding());
    } finally {
      beingDrawn.decrementAndGet();
    }
  }

  private void imageDone(GeneratedImage image) {
    listener.image(image);
    imagesLeft.decrementAndGet();
    onImageOver.run();
  }

  /** What the sampler of one image says. */
  private final class Progress implements SampleListener {

    private final long index;
    private int steps;

    Progress(long index) {
      this.index = index;
    }

    @Override
    public void step(long done, long total, int firstImage, int images) {
      share.requireGoingOn();
      firstStep.compareAndSet(0, System.nanoTime());
      steps = (int) total;
      listener.step(index, (int) done, steps);
    }

    @Override
    public void denoised(Preview preview) {
      if (!preview.isFinite()) {
        throw new InputException(
            "Image %d comes out with values that are no numbers; choose less extreme settings of the sampler."
                .formatted(index));
      }
      int every = wanted.previews();
      if (every > 0 && (preview.step() + 1) % every == 0) {
        listener.preview(index, preview.step() + 1, steps, preview);
      }
    }
  }

  private void end() {
    batcher.leave(share);
    onEnd.accept(this);
    for (int left = imagesLeft.get(); left > 0; left--) {
      onImageOver.run();
    }
    Throwable why = failure.get();
    if (why != null) {
      listener.failed(why);
      return;
    }
    long now = System.nanoTime();
    long first = firstStep.get() == 0 ? now : firstStep.get();
    listener.done(new Summary(evaluations.get(), (now - start) / 1e9, (first - start) / 1e9));
  }
}
