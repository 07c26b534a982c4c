package dev.hourglass.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.config.DatasetConfig;
import dev.hourglass.config.DatasetType;
import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.data.sets.ImageDataset;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchLoaderTest {

  private static final int COUNT = 11;
  private static final Size SIZE = new Size(4, 6);
  private static final long NO_CACHE = 0;

  private static Path shared;

  @TempDir private Path folder;

  @BeforeContainer
  static void makeImages() throws Exception {
    shared = Files.createTempDirectory("batch-loader");
    for (int i = 0; i < COUNT; i++) {
      BufferedImage image = TestImages.flat(7, 9, 0);
      for (int pixel = 0; pixel < 63; pixel++) {
        image.setRGB(pixel % 9, pixel / 9, (63 * i + pixel) * 0x9E3779B1);
      }
      TestImages.write(
          shared.resolve("%s/%d.png".formatted(i % 2 == 0 ? "even" : "odd", i)),
          TestImages.encode(image, "png"));
    }
  }

  @AfterContainer
  static void deleteImages() throws Exception {
    try (var files = Files.walk(shared)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Property(tries = 40)
  void batchesDependOnThePositionAloneNotOnThreadsCacheOrStart(
      @ForAll @IntRange(min = 1, max = 4) int threads,
      @ForAll @IntRange(min = 0, max = 3) int prefetch,
      @ForAll @IntRange(min = 1, max = 7) int batchSize,
      @ForAll @IntRange(min = 0, max = 30) int start,
      @ForAll boolean cached) {
    try (ImageDataset set = openWithClasses(shared);
        BatchLoader reference = new BatchLoader(set, settings(1, 1, 0), 0, NO_CACHE);
        BatchLoader loader =
            new BatchLoader(
                set, settings(batchSize, threads, prefetch), start, cached ? 1 << 20 : NO_CACHE)) {
      for (int skipped = 0; skipped < start; skipped++) {
        reference.next();
      }
      int imageSize = 3 * 4 * 6;
      for (int b = 0; b < 3; b++) {
        Batch batch = loader.next();
        assertThat(batch.firstPosition()).isEqualTo(start + (long) b * batchSize);
        assertThat(batch.size()).isEqualTo(batchSize);
        for (int i = 0; i < batchSize; i++) {
          Batch one = reference.next();
          assertThat(one.firstPosition()).isEqualTo(batch.firstPosition() + i);
          assertThat(part(batch.pixels(), i, imageSize)).containsExactly(one.pixels());
          assertThat(part(batch.augmentation(), i, 9)).containsExactly(one.augmentation());
          assertThat(batch.labels()[i]).isEqualTo(one.labels()[0]);
        }
      }
    }
  }

  @Test
  void eachEpochHoldsEachImageOnceWithItsLabel() throws Exception {
    fill(folder);
    try (ImageDataset set = openWithClasses(folder);
        BatchLoader loader = new BatchLoader(set, plain(COUNT, 2), 0)) {
      float[] before = null;
      for (int epoch = 0; epoch < 3; epoch++) {
        Batch batch = loader.next();
        TreeSet<Integer> seen = new TreeSet<>();
        for (int i = 0; i < COUNT; i++) {
          int image = imageNumber(batch, i);
          seen.add(image);
          assertThat(batch.labels()[i]).isEqualTo(image % 2);
        }
        assertThat(seen).hasSize(COUNT);
        assertThat(batch.pixels()).isNotEqualTo(before);
        before = batch.pixels();
      }
      assertThat(loader.skipped()).isEmpty();
    }
  }

  @Test
  void pixelsAreInRangeAndUnaugmentedWithoutAugmentation() throws Exception {
    fill(folder);
    try (ImageDataset set = open(folder);
        BatchLoader loader = new BatchLoader(set, plain(4, 2), 5)) {
      Batch batch = loader.next();
      assertThat(batch.pixels()).hasSize(4 * 3 * 4 * 6);
      for (float pixel : batch.pixels()) {
        assertThat(pixel).isBetween(-1f, 1f);
      }
      assertThat(batch.augmentation()).containsExactly(new float[36]);
      assertThat(batch.labels()).containsOnly(-1);
    }
  }

  @Test
  void augmentationMirrorsAboutHalfOfTheImages() throws Exception {
    fill(folder);
    try (ImageDataset set = open(folder);
        BatchLoader loader = new BatchLoader(set, settings(200, 2, 0), 0)) {
      Batch batch = loader.next();
      int mirrored = 0;
      for (int i = 0; i < 200; i++) {
        mirrored += (int) batch.augmentation()[9 * i];
      }
      assertThat(mirrored).isBetween(70, 130);
    }
  }

  @Test
  void corruptImagesAreNamedAndReplacedByTheNextReadableOne() throws Exception {
    fill(folder);
    Files.writeString(folder.resolve("even/04.png"), "damaged");
    Files.write(folder.resolve("odd/07.png"), new byte[0]);
    EpochOrder order = new EpochOrder(5, COUNT);
    for (int threads : new int[] {1, 3}) {
      try (ImageDataset set = openWithClasses(folder);
          BatchLoader loader = new BatchLoader(set, plain(2 * COUNT, threads), 0)) {
        Batch batch = loader.next();
        for (int position = 0; position < 2 * COUNT; position++) {
          int epoch = position / COUNT;
          int step = 0;
          String name;
          do {
            int slot = (position % COUNT + step++) % COUNT;
            name = set.name(order.index((long) epoch * COUNT + slot));
          } while (name.equals("even/04.png") || name.equals("odd/07.png"));
          assertThat(imageNumber(batch, position))
              .isEqualTo(Integer.parseInt(name.replaceAll("\\D", "")));
          assertThat(batch.labels()[position]).isEqualTo(imageNumber(batch, position) % 2);
        }
        assertThat(loader.skipped())
            .containsExactly(
                Map.entry("even/04.png", "its content is in no image format known here"),
                Map.entry("odd/07.png", "the file is empty"));
        assertThatThrownBy(() -> loader.skipped().clear())
            .isInstanceOf(UnsupportedOperationException.class);
      }
    }
  }

  @Test
  void nothingReadableAtAllIsReportedByNext() throws Exception {
    TestImages.write(folder.resolve("a.png"), new byte[0]);
    TestImages.write(folder.resolve("b.png"), new byte[0]);
    try (ImageDataset set = open(folder);
        BatchLoader loader = new BatchLoader(set, plain(3, 2), 0)) {
      assertThatThrownBy(loader::next)
          .isInstanceOf(InputException.class)
          .hasMessage(
              "None of the 2 images of the dataset can be read (a.png: the file is empty); check"
                  + " dataset.location and dataset.type.");
    }
  }

  @Test
  void fittedImagesAreDecodedOnceAsFarAsTheCacheReaches() throws Exception {
    fill(folder);
    long imageBytes = 4 * 6 * 3;
    try (ImageDataset set = open(folder);
        BatchLoader loader = new BatchLoader(set, plain(COUNT, 1), 0, 6 * imageBytes)) {
      loader.next();
      for (int i = 0; i < COUNT; i++) {
        Files.delete(folder.resolve(set.name(i)));
      }
      for (int epoch = 0; epoch < 3; epoch++) {
        loader.next();
      }
      assertThat(loader.skipped()).hasSize(COUNT - 6);
    }
  }

  @Test
  void grayIsLoadedFromColour() throws Exception {
    TestImages.write(folder.resolve("a.png"), TestImages.png(8, 8, 0xFFFFFF));
    LoaderSettings gray = new LoaderSettings(Size.square(2), 1, 1, 0, 0, 1, 0);
    try (ImageDataset set = open(folder);
        BatchLoader loader = new BatchLoader(set, gray, 0)) {
      assertThat(loader.next().pixels()).containsExactly(1, 1, 1, 1);
    }
  }

  @Test
  void closingStopsTheThreadsAndEndsTheBatchesButNotTheDataset() throws Exception {
    fill(folder);
    try (ImageDataset set = open(folder)) {
      BatchLoader loader = new BatchLoader(set, settings(50, 3, 4), 0, NO_CACHE);
      loader.next();
      loader.close();
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().startsWith("image-loader-")) {
          // No work is left, but a thread may need a moment to end.
          assertThat(thread.join(Duration.ofSeconds(20))).as(thread.getName()).isTrue();
        }
      }
      assertThatThrownBy(loader::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("The batch loader is closed.");
      loader.close();
      assertThat(set.decode(0).width()).isEqualTo(9);
    }
  }

  @Test
  void impossibleSettingsAreRefused() {
    assertThatThrownBy(() -> new LoaderSettings(SIZE, 4, 1, 0, 0, 1, 0))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "Images are read with 1 channel (gray) or 3 (RGB), but 4 were asked for; set the"
                + " model's input_channels to 1 or 3.");
    assertThatThrownBy(() -> new LoaderSettings(SIZE, 3, 1, 0, 1.5, 1, 0))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "The augmentation probability must lie between 0 and 1, but it is 1.5; correct"
                + " augment_prob.");
    assertThatThrownBy(() -> new LoaderSettings(SIZE, 3, 0, 0, 0, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Images numbered 0 to 10, in two classes, each of one gray that tells its number. */
  private static void fill(Path folder) throws Exception {
    for (int i = 0; i < COUNT; i++) {
      int gray = 20 * i;
      TestImages.write(
          folder.resolve("%s/%02d.png".formatted(i % 2 == 0 ? "even" : "odd", i)),
          TestImages.png(7, 9, gray << 16 | gray << 8 | gray));
    }
  }

  private static int imageNumber(Batch batch, int i) {
    return Math.round((batch.pixels()[i * 3 * 4 * 6] + 1) * 127.5f / 20);
  }

  private static LoaderSettings settings(int batchSize, int threads, int prefetch) {
    return new LoaderSettings(SIZE, 3, batchSize, 5, 0.5, threads, prefetch);
  }

  private static LoaderSettings plain(int batchSize, int threads) {
    return new LoaderSettings(SIZE, 3, batchSize, 5, 0, threads, 1);
  }

  private static float[] part(float[] values, int index, int length) {
    return Arrays.copyOfRange(values, index * length, (index + 1) * length);
  }

  private static ImageDataset open(Path folder) {
    return ImageDataset.open(DatasetConfig.defaults(), folder);
  }

  private static ImageDataset openWithClasses(Path folder) {
    return ImageDataset.open(new DatasetConfig(DatasetType.IMAGEFOLDER_CLASS, "", 0, 0), folder);
  }
}
