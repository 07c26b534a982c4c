package dev.hourglass.data;

import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.sets.ImageDataset;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The images of a run by position: shuffled, decoded, fitted to the target size; corrupt ones
 * replaced by the next readable one of the same epoch's order, which is a function of the files
 * alone. Fitted images are kept in memory as far as the budget goes: the order is random, so
 * keeping the first ones seen serves as well as any other choice. Thread-safe.
 */
final class PreparedImages {

  private final ImageDataset dataset;
  private final EpochOrder order;
  private final Size size;
  private final int channels;
  private final AtomicReferenceArray<byte[]> cache;
  private final AtomicLong cacheBytesLeft;
  private final Map<Integer, String> corrupt = new ConcurrentHashMap<>();

  PreparedImages(ImageDataset dataset, EpochOrder order, Size size, int channels, long cacheBytes) {
    this.dataset = dataset;
    this.order = order;
    this.size = size;
    this.channels = channels;
    this.cache = new AtomicReferenceArray<>(dataset.size());
    this.cacheBytesLeft = new AtomicLong(cacheBytes);
  }

  /** A fitted image, its class, -1 without one, and its number in the set. */
  record Prepared(DecodedImage image, int label, int index) {}

  /**
   * The image at a position.
   *
   * @throws InputException if no image of the set can be read
   */
  Prepared at(long position) {
    int inEpoch = dataset.size();
    long epochStart = position - position % inEpoch;
    for (int step = 0; step < inEpoch; step++) {
      int index = order.index(epochStart + (position - epochStart + step) % inEpoch);
      if (corrupt.containsKey(index)) {
        continue;
      }
      try {
        return new Prepared(image(index), dataset.label(index), index);
      } catch (CorruptImageException e) {
        corrupt.put(index, e.reason());
      }
    }
    Map.Entry<String, String> first = skipped().firstEntry();
    throw new InputException(
        "None of the %d images of the dataset can be read (%s: %s); check dataset.location and dataset.type."
            .formatted(inEpoch, first.getKey(), first.getValue()));
  }

  private DecodedImage image(int index) throws CorruptImageException {
    byte[] cached = cache.get(index);
    if (cached != null) {
      return new DecodedImage(size.height(), size.width(), channels, cached);
    }
    DecodedImage fitted = ImageFit.fit(dataset.decode(index), size, channels);
    int bytes = fitted.pixels().length;
    if (cacheBytesLeft.get() >= bytes && cache.compareAndSet(index, null, fitted.pixels())) {
      cacheBytesLeft.addAndGet(-bytes);
    }
    return fitted;
  }

  /** The corrupt images met so far: name to reason, sorted by name. */
  SortedMap<String, String> skipped() {
    SortedMap<String, String> skipped = new TreeMap<>();
    corrupt.forEach((index, reason) -> skipped.put(dataset.name(index), reason));
    return Collections.unmodifiableSortedMap(skipped);
  }
}
