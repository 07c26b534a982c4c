package dev.hourglass.data.inspect;

import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.data.ImageFit;
import dev.hourglass.data.InOrder;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.image.Orientation;
import dev.hourglass.data.inspect.SetSummary.ClassCount;
import dev.hourglass.data.inspect.SetSummary.Moments;
import dev.hourglass.data.inspect.SetSummary.Range;
import dev.hourglass.data.inspect.SetSummary.SizeCount;
import dev.hourglass.data.inspect.SetSummary.Sizes;
import dev.hourglass.data.sets.ImageDataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Looks at every image of a set once. Images are decoded on several threads and let go of again;
 * what is kept of one is a few numbers, so that memory is bounded by some 50 bytes an image.
 */
public final class SetInspection {

  private static final int FREQUENT = 8;
  private static final List<String> COLOURS = List.of("red", "green", "blue");

  private final ImageDataset set;
  private final Optional<Size> target;

  private final PixelMoments grayPixels = new PixelMoments();
  private final List<PixelMoments> colourPixels =
      Stream.generate((Supplier<PixelMoments>) PixelMoments::new).limit(COLOURS.size()).toList();
  private final Map<Size, Integer> sizes = new HashMap<>();
  private final Duplicates duplicates = new Duplicates();
  private final SortedMap<String, String> broken = new TreeMap<>();
  private final int[] ofClass;
  private int images;
  private int gray;
  private int turned;
  private int enlarged;

  private SetInspection(ImageDataset set, Optional<Size> target) {
    this.set = set;
    this.target = target;
    this.ofClass = new int[set.classNames().size()];
  }

  /** What is kept of one image. */
  private sealed interface Finding {

    /** An image that cannot be decoded. */
    record Broken(String name, String reason) implements Finding {}

    /** One that can. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Whole(int index, Size size, boolean turned, byte[] digest, PixelMoments[] pixels)
        implements Finding {}
  }

  /**
   * Looks at all images.
   *
   * @param target the size that pixels are measured at, fitted as training does; else they are
   *     measured as they are, where a large image counts more than a small one
   * @param threads that decode
   * @param progress hears after each image how many are done, on this thread
   * @throws InputException if no image can be decoded
   */
  public static SetSummary of(
      ImageDataset set, Optional<Size> target, int threads, IntConsumer progress) {
    SetInspection inspection = new SetInspection(set, target);
    InOrder.forEach(
        0,
        set.size(),
        threads,
        inspection::look,
        finding -> {
          inspection.add(finding);
          progress.accept(inspection.images + inspection.broken.size());
        });
    return inspection.summary();
  }

  private Finding look(int index) {
    try {
      DecodedImage image = set.decode(index);
      DecodedImage measured =
          target.map(size -> ImageFit.fit(image, size, image.channels())).orElse(image);
      return new Finding.Whole(
          index,
          new Size(image.height(), image.width()),
          image.turnedFrom() != Orientation.NORMAL,
          Duplicates.digest(image),
          PixelMoments.ofChannels(measured));
    } catch (CorruptImageException e) {
      return new Finding.Broken(set.name(index), e.reason());
    }
  }

  private void add(Finding finding) {
    switch (finding) {
      case Finding.Broken lost -> broken.put(lost.name, lost.reason);
      case Finding.Whole image -> {
        images++;
        turned += image.turned ? 1 : 0;
        sizes.merge(image.size, 1, Integer::sum);
        enlarged += target.filter(size -> isEnlarged(image.size, size)).isPresent() ? 1 : 0;
        duplicates.add(image.index, image.digest);
        if (ofClass.length > 0) {
          ofClass[set.label(image.index)]++;
        }
        if (image.pixels.length == 1) {
          gray++;
          grayPixels.add(image.pixels[0]);
        } else {
          IntStream.range(0, COLOURS.size()).forEach(c -> colourPixels.get(c).add(image.pixels[c]));
        }
      }
    }
  }

  /** Whether the target is covered only by enlarging. */
  private static boolean isEnlarged(Size from, Size to) {
    return from.height() < to.height() || from.width() < to.width();
  }

  private SetSummary summary() {
    if (images == 0) {
      Map.Entry<String, String> first = broken.firstEntry();
      throw new InputException(
          "None of the %d images can be read (%s: %s); check the folder and --data-type."
              .formatted(set.size(), first.getKey(), first.getValue()));
    }
    List<List<Integer>> equal = duplicates.groups();
    return new SetSummary(
        images,
        gray,
        turned,
        IntStream.range(0, ofClass.length)
            .mapToObj(c -> new ClassCount(set.classNames().get(c), ofClass[c]))
            .toList(),
        sizes(),
        broken,
        channels(),
        moments("all", together()),
        equal.stream().map(group -> group.stream().map(set::name).toList()).toList(),
        Math.toIntExact(
            equal.stream()
                .filter(group -> group.stream().map(set::label).distinct().count() > 1)
                .count()));
  }

  private List<Moments> channels() {
    if (gray == images) {
      return List.of(moments("gray", grayPixels));
    }
    List<Moments> channels = new ArrayList<>();
    for (int c = 0; c < COLOURS.size(); c++) {
      channels.add(
          moments(COLOURS.get(c), new PixelMoments().add(colourPixels.get(c)).add(grayPixels)));
    }
    return channels;
  }

  private PixelMoments together() {
    PixelMoments together = new PixelMoments();
    colourPixels.forEach(channel -> together.add(channel).add(grayPixels));
    return together;
  }

  private static Moments moments(String channel, PixelMoments pixels) {
    return new Moments(channel, pixels.mean(), pixels.deviation());
  }

  private Sizes sizes() {
    List<SizeCount> frequent =
        sizes.entrySet().stream()
            .map(entry -> new SizeCount(entry.getKey(), entry.getValue()))
            .sorted(
                Comparator.comparingInt(SizeCount::images)
                    .reversed()
                    .thenComparingInt(count -> count.size().height())
                    .thenComparingInt(count -> count.size().width()))
            .limit(FREQUENT)
            .toList();
    return new Sizes(sizes.size(), frequent, range(Size::height), range(Size::width), enlarged);
  }

  private Range range(ToIntFunction<Size> side) {
    int[] lengths =
        sizes.entrySet().stream()
            .flatMapToInt(
                entry ->
                    IntStream.generate(() -> side.applyAsInt(entry.getKey()))
                        .limit(entry.getValue()))
            .toArray();
    Arrays.sort(lengths);
    return new Range(lengths[0], lengths[(lengths.length - 1) / 2], lengths[lengths.length - 1]);
  }
}
