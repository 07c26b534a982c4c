package dev.hourglass.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.config.DatasetConfig;
import dev.hourglass.config.DatasetType;
import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.data.Batch;
import dev.hourglass.data.BatchLoader;
import dev.hourglass.data.LoaderSettings;
import dev.hourglass.data.TestImages;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.prepare.ShardPreparation.Source;
import dev.hourglass.data.sets.ImageDataset;
import dev.hourglass.data.sets.ImageVectors;
import dev.hourglass.data.sets.VectorText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardPreparationTest {

  private static final Size SIZE = new Size(12, 9);

  @TempDir Path folder;
  private Path source;
  private Path out;

  @BeforeEach
  void fill() throws IOException {
    source = folder.resolve("source");
    out = folder.resolve("shards");
    for (int i = 0; i < 11; i++) {
      TestImages.write(
          source.resolve("%s/%d.png".formatted(i % 3 == 0 ? "odd, name" : "plain", i)),
          TestImages.png(10 + i, 9 + i % 4, 0x9E3779B1 * i));
    }
  }

  private static ImageDataset open(DatasetType type, Path location, boolean upright) {
    return ImageDataset.open(
        new DatasetConfig(type, location.toString(), 0, 0, upright, Map.of()), location);
  }

  /** What was heard, and where to stop as if killed. */
  private static final class Log implements ShardPreparation.Listener {

    private final List<String> skipped = new ArrayList<>();
    private final int stopAt;
    private int kept;
    private int done;

    Log(int stopAt) {
      this.stopAt = stopAt;
    }

    @Override
    public void kept(int images) {
      kept = images;
    }

    @Override
    public void done(int images) {
      done++;
      if (images == stopAt) {
        throw new IllegalStateException("stopped");
      }
    }

    @Override
    public void skipped(String name, String reason) {
      skipped.add(name);
    }
  }

  private PreparedSet prepare(Path target, Size size, int perShard, int threads, Log log) {
    try (ImageDataset set = open(DatasetType.IMAGEFOLDER_CLASS, source, true)) {
      return ShardPreparation.prepare(
          new Source(set, true, VectorText.beside(set, source)),
          size,
          perShard,
          target,
          threads,
          log);
    }
  }

  private PreparedSet prepare(Path target) {
    return prepare(target, SIZE, 4, 2, new Log(-1));
  }

  private static Map<String, String> contents(Path folder) {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(file -> contents.put(file.getFileName().toString(), ShardFile.sha256(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return contents;
  }

  private static void assertSameBatches(
      ImageDataset expected, ImageDataset found, int channels, double augment) {
    LoaderSettings settings = new LoaderSettings(SIZE, channels, 5, 42, augment, 2, 1);
    try (BatchLoader originals = new BatchLoader(expected, settings, 0, 0);
        BatchLoader prepared = new BatchLoader(found, settings, 0, 0)) {
      for (int b = 0; b < 2 + 2 * expected.size() / 5; b++) {
        Batch original = originals.next();
        Batch batch = prepared.next();
        assertThat(batch.pixels()).isEqualTo(original.pixels());
        assertThat(batch.labels()).isEqualTo(original.labels());
        assertThat(batch.indices()).isEqualTo(original.indices());
        assertThat(batch.augmentation()).isEqualTo(original.augmentation());
      }
      assertThat(prepared.skipped()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 0", "1, 0", "3, 0.3"})
  void trainingSeesTheSameBatchesAsFromTheOriginals(int channels, double augment) {
    PreparedSet prepared = prepare(out);
    assertThat(prepared.images()).isEqualTo(11);
    assertThat(prepared.shards()).extracting(PreparedSet.Shard::images).containsExactly(4, 4, 3);
    try (ImageDataset originals = open(DatasetType.IMAGEFOLDER_CLASS, source, true);
        ImageDataset shards = open(DatasetType.TAR, out, true)) {
      assertThat(shards.classNames()).isEqualTo(originals.classNames());
      assertSameBatches(originals, shards, channels, augment);
    }
  }

  /** All the pictures that the decoder is tested with: EXIF, alpha, gray, profiles, animations. */
  @ParameterizedTest
  @CsvSource({"1, true", "3, true", "3, false"})
  void whateverTheDecoderDoesIsInThePixels(int channels, boolean upright)
      throws IOException, URISyntaxException {
    Path all = Path.of(getClass().getResource("/dev/hourglass/data/image/pictures").toURI());
    Path readable = Files.createDirectory(folder.resolve("readable"));
    int grays = 0;
    int broken = 0;
    try (ImageDataset pictures = open(DatasetType.IMAGEFOLDER, all, upright)) {
      for (int i = 0; i < pictures.size(); i++) {
        try {
          grays += pictures.decode(i).channels() == 1 ? 1 : 0;
          Files.copy(all.resolve(pictures.name(i)), readable.resolve(pictures.name(i)));
        } catch (CorruptImageException e) {
          broken++; // Tested elsewhere.
        }
      }
    }
    assertThat(grays).isPositive();
    assertThat(broken).isLessThan(10);
    try (ImageDataset originals = open(DatasetType.IMAGEFOLDER, readable, upright)) {
      assertThat(originals.size()).isGreaterThan(20);
      ShardPreparation.prepare(
          new Source(originals, upright, Optional.empty()), SIZE, 7, out, 2, new Log(-1));
      // Whatever the config says of EXIF: what is stored here has been turned, or not, for good.
      for (boolean again : new boolean[] {true, false}) {
        try (ImageDataset shards = open(DatasetType.TAR, out, again)) {
          assertThat(shards.classNames()).isEmpty();
          assertSameBatches(originals, shards, channels, 0);
        }
      }
    }
  }

  @Test
  void aRunThatWasStoppedGoesOnAndMakesTheSameBytes() throws IOException {
    prepare(folder.resolve("whole"));
    Path partial = folder.resolve("shards.partial");
    assertThatThrownBy(() -> prepare(out, SIZE, 4, 1, new Log(10))).hasMessage("stopped");
    assertThat(out).doesNotExist();
    assertThat(partial.resolve("shard-000001.tar")).exists();
    assertThat(partial.resolve("shard-000002.tar")).doesNotExist();
    Log log = new Log(-1);
    prepare(out, SIZE, 4, 3, log);
    assertThat(log.kept).isEqualTo(8);
    assertThat(log.done).isEqualTo(3);
    assertThat(partial).doesNotExist();
    assertThat(contents(out)).isEqualTo(contents(folder.resolve("whole")));
  }

  @Test
  void aFinishedShardThatHasChangedIsMadeAgain() throws IOException {
    prepare(folder.resolve("whole"));
    assertThatThrownBy(() -> prepare(out, SIZE, 4, 1, new Log(10))).hasMessage("stopped");
    Path shard = folder.resolve("shards.partial/shard-000000.tar");
    byte[] bytes = Files.readAllBytes(shard);
    bytes[700] ^= 1;
    Files.write(shard, bytes);
    // A line that was not quite written when the process was killed.
    Path state = folder.resolve("shards.partial/state.jsonl");
    Files.writeString(state, Files.readString(state) + "{\"file\":\"shard-0000");
    Log log = new Log(-1);
    prepare(out, SIZE, 4, 1, log);
    assertThat(log.done).isEqualTo(4 + 3);
    assertThat(contents(out)).isEqualTo(contents(folder.resolve("whole")));
  }

  @Test
  void whatIsPreparedAlreadyIsCheckedAndKept() throws IOException {
    PreparedSet first = prepare(out);
    Log log = new Log(-1);
    assertThat(prepare(out, SIZE, 4, 1, log)).isEqualTo(first);
    assertThat(log.done).isZero();
    Files.write(out.resolve("shard-000001.tar"), new byte[10]);
    assertThatThrownBy(() -> prepare(out))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("shard-000001.tar is not the file that was prepared");
  }

  @Test
  void nothingElseIsWrittenOver() throws IOException {
    Path other = TestImages.write(folder.resolve("other/diary.txt"), new byte[3]).getParent();
    assertThatThrownBy(() -> prepare(other))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("other exists and is no prepared set");
    prepare(out);
    assertThatThrownBy(() -> prepare(out, new Size(12, 10), 4, 1, new Log(-1)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("was prepared with --size 12x9 instead of 12x10");
    assertThatThrownBy(() -> prepare(out, SIZE, 5, 1, new Log(-1)))
        .hasMessageContaining("with --shard-size 4 instead of 5");
    TestImages.write(source.resolve("plain/12.png"), TestImages.png(4, 4, 0));
    assertThatThrownBy(() -> prepare(out))
        .hasMessageContaining("from other images (11 of them) than these 12");
    TestImages.write(folder.resolve("next.partial/diary.txt"), new byte[3]);
    assertThatThrownBy(() -> prepare(folder.resolve("next")))
        .hasMessageContaining("is not what a stopped run left behind");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThat(prepare(empty).images()).isEqualTo(12);
  }

  @Test
  void twoProcessesDoNotWriteTheSameFolder() {
    PreparedSet.Recipe recipe = new PreparedSet.Recipe("x", 11, "12x9", 4, true);
    try (ShardFolder held = ShardFolder.open(out, recipe)) {
      assertThatThrownBy(() -> ShardFolder.open(out, recipe))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("Another process prepares shards in");
      assertThat(held.finished()).isEmpty();
    }
  }

  @Test
  void imagesThatCannotBeReadAreLeftOutAndNamed() throws IOException {
    TestImages.write(source.resolve("plain/5.png"), new byte[] {1, 2, 3});
    Log log = new Log(-1);
    PreparedSet prepared = prepare(out, SIZE, 4, 2, log);
    assertThat(log.skipped).containsExactly("plain/5.png");
    assertThat(prepared.skipped())
        .containsExactly(
            new PreparedSet.Skipped("plain/5.png", "its content is in no image format known here"));
    assertThat(Files.readString(out.resolve("index.json"))).contains("plain/5.png");
    assertThat(Files.readAllLines(out.resolve("names.tsv")))
        .hasSize(10)
        .contains("00000000.png\todd, name/0.png")
        .noneMatch(line -> line.contains("plain/5.png"));
    try (ImageDataset shards = open(DatasetType.TAR, out, true)) {
      assertThat(shards.size()).isEqualTo(10);
    }
    for (int i = 0; i < 11; i++) {
      Files.deleteIfExists(source.resolve("plain/%d.png".formatted(i)));
      TestImages.write(source.resolve("odd, name/%d.png".formatted(i)), new byte[1]);
    }
    assertThatThrownBy(() -> prepare(folder.resolve("none")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("None of the 11 images can be read");
  }

  @Test
  void theSumsAreThoseOfTheFiles() throws IOException {
    prepare(out);
    List<String> lines = Files.readAllLines(out.resolve("SHA256SUMS"));
    assertThat(lines).hasSize(3 + 2);
    for (String line : lines) {
      String[] parts = line.split("  ");
      assertThat(ShardFile.sha256(out.resolve(parts[1]))).isEqualTo(parts[0]);
    }
    assertThat(Files.readAllLines(out.resolve("classes.txt")))
        .containsExactly("odd, name", "plain");
  }

  /** A line for each image, its name with a comma in it. */
  private void writeVectors(int of) throws IOException {
    StringBuilder lines = new StringBuilder("no image of the set,1,2\n");
    for (int i = 0; i < 11; i++) {
      String name = "%s/%d.png".formatted(i % 3 == 0 ? "odd, name" : "plain", i);
      lines.append(name + "," + (i + of) + ", -0.5e" + i + "\n"); // Digits of no locale.
    }
    Files.writeString(source.resolve("vectors.csv"), lines);
  }

  @Test
  void vectorsGoWithTheirImages() throws IOException {
    writeVectors(0);
    TestImages.write(source.resolve("plain/5.png"), new byte[] {1, 2, 3});
    prepare(out);
    try (ImageDataset originals = open(DatasetType.IMAGEFOLDER_CLASS, source, true);
        ImageDataset shards = open(DatasetType.TAR, out, true)) {
      ImageVectors expected = ImageVectors.read(originals, source, 2);
      ImageVectors found = ImageVectors.read(shards, out, 2);
      List<String> names = Files.readAllLines(out.resolve("names.tsv"));
      assertThat(shards.size()).isEqualTo(10);
      for (int i = 0; i < originals.size(); i++) {
        String line = String.format(Locale.ROOT, "%08d.png\t%s", i, originals.name(i));
        if (names.contains(line)) {
          assertThat(found.of(names.indexOf(line))).isEqualTo(expected.of(i));
        } else {
          assertThat(originals.name(i)).isEqualTo("plain/5.png");
        }
      }
    }
    assertThat(Files.readString(out.resolve("SHA256SUMS"))).contains("  vectors.csv\n");
    assertThat(prepare(out).images()).isEqualTo(10);
    writeVectors(1);
    assertThatThrownBy(() -> prepare(out))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("was prepared with other vectors than the images have now");
  }

  @Test
  void vectorsThatDoNotFitAreRefusedBeforeAnythingIsDecoded() throws IOException {
    writeVectors(0);
    Path file = source.resolve("vectors.csv");
    String whole = Files.readString(file);
    Files.writeString(file, whole.replace("plain/1.png,1,", "plain/1.png,1,7,"));
    assertThatThrownBy(() -> prepare(out))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has 3 numbers for the image plain/1.png and 2 for odd, name/0.png");
    Files.writeString(file, whole.replace("plain/1.png", "plain/1.jpg"));
    assertThatThrownBy(() -> prepare(out))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has no line for the image plain/1.png");
    assertThat(folder.resolve("shards.partial")).doesNotExist();
  }
}
