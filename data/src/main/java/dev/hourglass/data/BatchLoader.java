package dev.hourglass.data;

import dev.hourglass.core.InputException;
import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.data.sets.ImageDataset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Hands out shuffled and augmented batches without end, made ahead of time by a pool of threads.
 *
 * <p>What the batch at a position holds depends on the images, the seed and the position alone: not
 * on the number of threads, nor on where the loader started. Batches run across the ends of epochs.
 * {@link #next} is for one thread; the other methods may be called from any. The data set stays
 * open when the loader closes.
 */
public final class BatchLoader implements AutoCloseable {

  /** The share of the heap given to fitted images. */
  private static final int CACHE_SHARE = 8;

  private static final long CLOSE_SECONDS = 60;

  private final LoaderSettings settings;
  private final PreparedImages images;
  private final ExecutorService workers;
  private final Deque<Pending> ahead = new ArrayDeque<>();
  private long nextPosition;
  private volatile boolean closed;

  /**
   * Starts to load.
   *
   * @param dataset must stay open as long as the loader is
   * @param startPosition how many images the run has drawn already; 0 for a new run
   */
  public BatchLoader(ImageDataset dataset, LoaderSettings settings, long startPosition) {
    this(dataset, settings, startPosition, Runtime.getRuntime().maxMemory() / CACHE_SHARE);
  }

  /**
   * As above, with a bound on the memory for fitted images.
   *
   * @param cacheBytes 0 to decode every image anew each time
   */
  public BatchLoader(
      ImageDataset dataset, LoaderSettings settings, long startPosition, long cacheBytes) {
    if (startPosition < 0) {
      throw new IllegalArgumentException("positions start at 0, got " + startPosition);
    }
    this.settings = settings;
    this.images =
        new PreparedImages(
            dataset,
            new EpochOrder(settings.seed(), dataset.size()),
            settings.size(),
            settings.channels(),
            cacheBytes);
    this.nextPosition = startPosition;
    this.workers =
        Executors.newFixedThreadPool(
            settings.threads(), Thread.ofPlatform().daemon().name("image-loader-", 0).factory());
    fill(settings.prefetch());
  }

  /** A batch under way. */
  private record Pending(Batch batch, List<Future<?>> images) {}

  /**
   * The next batch, in order; waits until it is complete.
   *
   * @throws InputException if no image of the set can be read
   * @throws IllegalStateException if the loader is closed
   */
  public Batch next() {
    // One more than is kept ahead: the one handed out now.
    fill(settings.prefetch() + 1);
    Pending head;
    synchronized (ahead) {
      head = ahead.poll();
    }
    if (head == null) {
      throw closedLoader();
    }
    for (Future<?> image : head.images) {
      await(image);
    }
    return head.batch;
  }

  private void fill(int count) {
    synchronized (ahead) {
      while (!closed && ahead.size() < count) {
        ahead.add(schedule(nextPosition));
        nextPosition += settings.batchSize();
      }
    }
  }

  private Pending schedule(long first) {
    int n = settings.batchSize();
    int imageSize = settings.channels() * settings.size().height() * settings.size().width();
    Batch batch =
        new Batch(
            first,
            n,
            new float[Math.multiplyExact(n, imageSize)], // [n, c, h, w]
            new float[n * Augmentation.CONDITIONING_SIZE], // [n, 9]
            new int[n],
            new int[n]);
    List<Future<?>> futures = new ArrayList<>(n);
    for (int i = 0; i < n; i++) {
      int slot = i;
      futures.add(workers.submit(() -> load(batch, slot, imageSize)));
    }
    return new Pending(batch, futures);
  }

  private void load(Batch batch, int slot, int imageSize) {
    if (closed) {
      throw closedLoader();
    }
    long position = batch.firstPosition() + slot;
    PreparedImages.Prepared prepared = images.at(position);
    RandomStream random = RandomStream.of(settings.seed(), Purpose.AUGMENTATION, position);
    Augmentation augmentation =
        Augmentation.sample(random, settings.augmentProbability(), settings.size());
    augmentation.warp(
        prepared.image().toFloats(),
        settings.channels(),
        settings.size(),
        batch.pixels(),
        slot * imageSize);
    System.arraycopy(
        augmentation.conditioning(),
        0,
        batch.augmentation(),
        slot * Augmentation.CONDITIONING_SIZE,
        Augmentation.CONDITIONING_SIZE);
    batch.labels()[slot] = prepared.label();
    batch.indices()[slot] = prepared.index();
  }

  private static void await(Future<?> image) {
    try {
      image.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException exception -> throw exception;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException("Loading an image failed.", e);
      }
    } catch (CancellationException e) {
      throw closedLoader();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for images.", e);
    }
  }

  private static IllegalStateException closedLoader() {
    return new IllegalStateException("The batch loader is closed.");
  }

  /** The corrupt images met and replaced so far: name to reason, sorted by name, immutable. */
  public SortedMap<String, String> skipped() {
    return images.skipped();
  }

  /**
   * Drops what is under way and returns when the threads are done with the images they are decoding
   * right now. They are not interrupted: that would close a file channel of the data set under the
   * feet of its other users.
   */
  @Override
  public void close() {
    synchronized (ahead) {
      closed = true;
      workers.shutdown();
      ahead.forEach(pending -> pending.images.forEach(image -> image.cancel(false)));
      ahead.clear();
    }
    try {
      if (!workers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("An image has been decoding for over a minute.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
