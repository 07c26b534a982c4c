package dev.hourglass.data.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.config.DatasetConfig;
import dev.hourglass.config.DatasetType;
import dev.hourglass.core.InputException;
import dev.hourglass.data.TestImages;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files come from {@code make_parquet.py} beside them, written with pyarrow. */
class ParquetImagesTest {

  private static final int[] NUMBERS = {0, 1, 2, 2, 4, 5, 6, 7};
  private static final int[] LABELS = {0, 1, 2, 2, 1, 0, 1, 2};

  @TempDir Path folder;

  private Path put(String file, String name) throws IOException {
    return TestImages.write(folder.resolve(name), TestImages.resource("parquet/" + file));
  }

  private static ImageDataset open(Path location) {
    return ImageDataset.open(new DatasetConfig(DatasetType.PARQUET, "", 0, 0), location);
  }

  private static void assertImage(DecodedImage image, int number) {
    assertThat(image.height()).isEqualTo(5);
    assertThat(image.width()).isEqualTo(7);
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 7; x++) {
        assertThat(TestImages.at(image, y, x, 0)).isEqualTo(20 * number + y);
        assertThat(TestImages.at(image, y, x, 1)).isEqualTo(3 * x);
        assertThat(TestImages.at(image, y, x, 2)).isEqualTo(200 - number);
      }
    }
  }

  /** Row groups of three and dictionaries; the last one plain pages of version 2, and 32 bits. */
  @ParameterizedTest
  @ValueSource(strings = {"snappy", "zstd", "gzip", "none", "plain-v2"})
  void imagesAndClassesAreReadInAnyOrderHoweverTheyArePacked(String file) throws Exception {
    try (ImageDataset set = open(put(file + ".parquet", "train-00000-of-00001.parquet"))) {
      assertThat(set.size()).isEqualTo(8);
      assertThat(set.classNames()).containsExactly("cat", "dog, large", "bird");
      for (int i : new int[] {7, 0, 3, 2, 5, 1, 6, 4}) {
        assertImage(set.decode(i), NUMBERS[i]);
        assertThat(set.label(i)).isEqualTo(LABELS[i]);
        assertThat(set.name(i)).isEqualTo("train-00000-of-00001.parquet#" + i);
      }
    }
  }

  @Test
  void theTrainingFilesOfAFolderAreOneSet() throws Exception {
    put("snappy.parquet", "data/train-00000-of-00002.parquet");
    put("zstd.parquet", "data/train-00001-of-00002.parquet");
    put("gaps.parquet", "data/test-00000-of-00001.parquet");
    try (ImageDataset set = open(folder)) {
      assertThat(set.size()).isEqualTo(16);
      assertImage(set.decode(15), 7);
      assertThat(set.name(9)).isEqualTo("data/train-00001-of-00002.parquet#1");
      assertThat(set.report().lines())
          .anyMatch(line -> line.contains("(test or validation set): data/test-00000"))
          .anyMatch(line -> line.contains("copied to a temporary file"));
    }
  }

  @Test
  void manyThreadsMayRead() throws Exception {
    try (ImageDataset set = open(put("snappy.parquet", "a.parquet"))) {
      IntStream.range(0, 200)
          .parallel()
          .forEach(
              i -> {
                try {
                  assertImage(set.decode(i % 8), NUMBERS[i % 8]);
                } catch (CorruptImageException e) {
                  throw new IllegalStateException(e);
                }
              });
    }
  }

  @Test
  void aRowWithoutAnImageIsACorruptImageAndMinusOneIsNoClass() throws Exception {
    try (ImageDataset set = open(put("gaps.parquet", "a.parquet"))) {
      assertThat(set.classNames()).isEmpty();
      assertThat(set.label(0)).isEqualTo(-1);
      assertImage(set.decode(0), 0);
      assertImage(set.decode(2), 2);
      assertThatThrownBy(() -> set.decode(1))
          .isInstanceOf(CorruptImageException.class)
          .hasMessage("a.parquet#1: the row has no image");
    }
  }

  @Test
  void theTemporaryFileIsGoneAfterwards() throws Exception {
    try (ImageDataset set = open(put("none.parquet", "a.parquet"))) {
      assertThat(set.size()).isEqualTo(8);
    }
    try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      assertThat(
              files.filter(file -> file.getFileName().toString().startsWith("hourglass-images-")))
          .isEmpty();
    }
  }

  @Test
  void namesBesideTheFilesComeFirst() throws Exception {
    Files.writeString(folder.resolve("classes.txt"), "one\ntwo\nthree\n");
    try (ImageDataset set = open(put("snappy.parquet", "a.parquet"))) {
      assertThat(set.classNames()).containsExactly("one", "two", "three");
    }
  }

  @Test
  void wrongFilesAreOneSentence() throws IOException {
    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("No Parquet files were found");
    Path text = put("text.parquet", "text.parquet");
    assertThatThrownBy(() -> open(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has no column of images")
        .hasMessageContaining("its columns are text.");
    Path half = put("half-labelled.parquet", "half.parquet");
    assertThatThrownBy(() -> open(half))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("1 of the 2 images");
    byte[] whole = TestImages.resource("parquet/snappy.parquet");
    for (int length : new int[] {0, 3, 100, whole.length / 2, whole.length - 1}) {
      Path cut = TestImages.write(folder.resolve("cut.parquet"), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> open(cut))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("cut.parquet is damaged or no Parquet file");
    }
    byte[] changed = whole.clone();
    Arrays.fill(changed, 4, 12, (byte) 0x5A); // The first page's header.
    Path damaged = TestImages.write(folder.resolve("damaged.parquet"), changed);
    assertThatThrownBy(() -> open(damaged))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("damaged.parquet is damaged");
  }

  @Test
  void whereAnImagesOwnBytesAreDamagedTheOthersAreRead() throws Exception {
    byte[] changed = TestImages.resource("parquet/none.parquet");
    int position = new String(changed, StandardCharsets.ISO_8859_1).indexOf("IDAT");
    changed[position + 12] ^= 1;
    try (ImageDataset set = open(TestImages.write(folder.resolve("a.parquet"), changed))) {
      assertThatThrownBy(() -> set.decode(0)).isInstanceOf(CorruptImageException.class);
      assertImage(set.decode(1), 1);
    }
  }
}
