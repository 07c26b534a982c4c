package dev.hourglass.data.sets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import dev.hourglass.data.TestImages;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.ImageDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarImagesTest {

  private static final byte[] RED = TestImages.png(2, 3, 0xFF0000);
  private static final byte[] BLUE = TestImages.png(4, 2, 0x0000FF);

  @TempDir private Path folder;

  @Test
  void readsPlainAndPackedShardsInOrder() throws Exception {
    write("b.tar.gz", TestImages.gzip(TestImages.tar("x.png", BLUE, "x.cls", text("1"))));
    write(
        "a.tar",
        TestImages.tar(
            "./1.cls", text("2\n"), "./1.png", RED, "sub/2.png", BLUE, "sub/2.cls", text(" 0")));
    write("c.tgz", TestImages.gzip(TestImages.tar("y.png", RED, "y.cls", text("2"))));
    try (ImageDataset set = TarImages.open(folder, 0)) {
      assertThat(IntStream.range(0, set.size()).mapToObj(i -> set.name(i) + "=" + set.label(i)))
          .containsExactly(
              "a.tar#1.png=2", "a.tar#sub/2.png=0", "b.tar.gz#x.png=1", "c.tgz#y.png=2");
      assertThat(set.decode(0).pixels()).startsWith(0xFF, 0, 0).hasSize(18);
      assertThat(set.decode(1).pixels()).startsWith(0, 0, 0xFF).hasSize(24);
      assertThat(set.decode(2).pixels()).startsWith(0, 0, 0xFF);
      assertThat(set.decode(3).pixels()).startsWith(0xFF, 0, 0);
      assertThat(set.classNames()).containsExactly("0", "1", "2");
    }
  }

  @Test
  void opensOneShardAndHasNoClassesWithoutLabels() throws Exception {
    Path shard =
        write("a.tar", TestImages.tar("1.png", RED, "._1.png", RED, "notes.txt", text("")));
    try (ImageDataset set = TarImages.open(shard, 0)) {
      assertThat(set.size()).isEqualTo(1);
      assertThat(set.label(0)).isEqualTo(-1);
      assertThat(set.classNames()).isEmpty();
    }
  }

  @Test
  void takesClassNamesFromAnyShardOrFromBesideThem() throws Exception {
    write("a.tar", TestImages.tar("1.png", RED, "1.cls", text("1")));
    write(
        "b.tar",
        TestImages.tar("classes.txt", text("cat\ndog\r\n\n"), "2.png", RED, "2.cls", text("0")));
    try (ImageDataset set = TarImages.open(folder, 0)) {
      assertThat(set.classNames()).containsExactly("cat", "dog");
    }
    Files.writeString(folder.resolve("classes.txt"), "Katze\nHund\nMaus\n");
    try (ImageDataset set = TarImages.open(folder.resolve("a.tar"), 0)) {
      assertThat(set.classNames()).containsExactly("Katze", "Hund", "Maus");
    }
  }

  @Test
  void labelsBeyondTheNamedClassesAreRefused() throws Exception {
    write(
        "a.tar", TestImages.tar("1.png", RED, "1.cls", text("2"), "classes.txt", text("cat\ndog")));
    refuses(
        "a.tar#1.png has the label 2, but classes.txt names 2 classes, from 0 on; add the missing"
            + " names.");
  }

  @Test
  void someLabelsMissingAreRefused() throws Exception {
    write("a.tar", TestImages.tar("1.png", RED, "1.cls", text("2"), "2.png", BLUE));
    refuses(
        "1 of 2 images have no label, a.tar#2.png among them; add a .cls entry for each image, or"
            + " for none.");
  }

  @Test
  void labelsThatAreNoNumbersAreRefused() throws Exception {
    Path shard = write("a.tar", TestImages.tar("1.png", RED, "1.cls", text("cat\n")));
    refuses(
        shard
            + "#1.cls should hold the number of a class, but holds \"cat\"; write 0, 1, 2 and so"
            + " on, or the names of all classes into classes.txt, one a line.");
    write("a.tar", TestImages.tar("1.png", RED, "1.cls", text("-1")));
    refuses(
        shard
            + "#1.cls should hold the number of a class, but holds \"-1\"; write 0, 1, 2 and so on,"
            + " or the names of all classes into classes.txt, one a line.");
  }

  @Test
  void foldersWithoutShardsAndShardsWithoutImagesTellWhatWasLookedFor() throws Exception {
    refuses(
        "No tar files were found in "
            + folder
            + ", where *.tar, *.tar.gz and *.tgz were looked for; correct dataset.location or"
            + " dataset.type.");
    write("a.tar", TestImages.tar("1.txt", text("")));
    refuses(
        "No images were found in the tar files of "
            + folder
            + ", where entries ending in "
            + ImageDecoder.extensionList()
            + " were looked for; 1 passed over (tar file without images): a.tar; correct"
            + " dataset.location.");
  }

  @Test
  void damagedShardsAreRefused() throws Exception {
    byte[] whole = TestImages.tar("1.png", RED, "2.png", TestImages.png(200, 200, 0x123456));
    Path shard = write("a.tar", Arrays.copyOf(whole, 512 + 512 + 512 + 100));
    refusesStarting(shard + " is damaged or no tar file (");
    write("a.tar", "This is plain text and no tar file at all. ".repeat(50).getBytes(UTF_8));
    refusesStarting(shard + " is damaged or no tar file (");
    Files.delete(shard);
    Path packed = write("a.tar.gz", Arrays.copyOf(TestImages.gzip(whole), 60));
    refusesStarting(packed + " cannot be unpacked (");
  }

  @Test
  void corruptImageInAShardIsNamed() throws Exception {
    write("a.tar", TestImages.tar("1.png", Arrays.copyOf(RED, 40)));
    try (ImageDataset set = TarImages.open(folder, 0)) {
      assertThatThrownBy(() -> set.decode(0))
          .isInstanceOf(CorruptImageException.class)
          .hasMessageStartingWith("a.tar#1.png: ");
    }
  }

  private Path write(String name, byte[] content) throws Exception {
    return TestImages.write(folder.resolve(name), content);
  }

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  private void refuses(String message) {
    assertThatThrownBy(() -> TarImages.open(folder, 0))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  private void refusesStarting(String message) {
    assertThatThrownBy(() -> TarImages.open(folder, 0))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(message);
  }
}
