package dev.hourglass.data.sets;

import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import dev.hourglass.data.TestImages;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.ImageDecoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderImagesTest {

  @TempDir private Path folder;

  @Test
  void findsImagesInAllSubfoldersSortedByPath() throws Exception {
    add("b.PNG", 0x0000FF);
    add("a/z.png", 0xFF0000);
    add("a/deep/er/c.png", 0x00FF00);
    add("a.png", 0x010203);
    Files.writeString(folder.resolve("notes.txt"), "no image");
    TestImages.write(folder.resolve("w.jpeg"), TestImages.encode(TestImages.flat(2, 2, 0), "jpg"));
    try (ImageDataset images = FolderImages.open(folder)) {
      assertThat(IntStream.range(0, images.size()).mapToObj(images::name))
          .containsExactly("a.png", "a/deep/er/c.png", "a/z.png", "b.PNG", "w.jpeg");
      assertThat(images.decode(2).pixels()).startsWith(0xFF, 0, 0);
      assertThat(images.label(2)).isEqualTo(-1);
      assertThat(images.classNames()).isEmpty();
    }
  }

  @Test
  void leavesOutHiddenFilesAndFolders() throws Exception {
    add("a.png", 0);
    add("._a.png", 0);
    add(".thumbnails/a.png", 0);
    try (ImageDataset images = FolderImages.open(folder)) {
      assertThat(images.size()).isEqualTo(1);
    }
  }

  @Test
  void classIsTheFirstLevelOfFoldersNumberedByName() throws Exception {
    add("dog/1.png", 0);
    add("cat/2.png", 0);
    add("cat/more/3.png", 0);
    add("Zebra/4.png", 0);
    try (ImageDataset images = FolderImages.openWithClasses(folder)) {
      assertThat(images.classNames()).containsExactly("Zebra", "cat", "dog");
      assertThat(IntStream.range(0, 4).mapToObj(i -> images.name(i) + "=" + images.label(i)))
          .containsExactly("Zebra/4.png=0", "cat/2.png=1", "cat/more/3.png=1", "dog/1.png=2");
    }
  }

  @Test
  void imagesOutsideClassFoldersAreRefused() throws Exception {
    add("cat/2.png", 0);
    add("stray.png", 0);
    assertThatThrownBy(() -> FolderImages.openWithClasses(folder))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "%s holds images outside any class folder (stray.png); move each into the subfolder of"
                + " its class, or set dataset.type to imagefolder.",
            folder);
  }

  @Test
  void classFoldersWithoutImagesArePassedOver() throws Exception {
    add("cat/2.png", 0);
    Files.createDirectories(folder.resolve("dog"));
    try (ImageDataset images = FolderImages.openWithClasses(folder)) {
      assertThat(images.classNames()).containsExactly("cat");
      assertThat(images.report().lines())
          .containsExactly("1 passed over (class folder without images): dog/.");
    }
  }

  @Test
  void missingFolderIsNamed() {
    Path missing = folder.resolve("nowhere");
    assertThatThrownBy(() -> FolderImages.open(missing))
        .isInstanceOf(InputException.class)
        .hasMessage("The dataset location %s does not exist; correct dataset.location.", missing);
  }

  @Test
  void fileInPlaceOfTheFolderIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> FolderImages.open(file))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "The dataset location %s is a file where a folder is needed; correct dataset.location"
                + " or dataset.type.",
            file);
  }

  @Test
  void emptyFolderTellsWhatWasLookedFor() {
    assertThatThrownBy(() -> FolderImages.open(folder))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "No images were found in %s and its subfolders, where files ending in %s were looked"
                + " for; correct dataset.location or dataset.type.",
            folder, ImageDecoder.extensionList());
  }

  @Test
  void imageDeletedInTheMeantimeIsCorruptNotFatal() throws Exception {
    add("a.png", 0);
    try (ImageDataset images = FolderImages.open(folder)) {
      Files.delete(folder.resolve("a.png"));
      assertThatThrownBy(() -> images.decode(0))
          .isInstanceOf(CorruptImageException.class)
          .hasMessageStartingWith("a.png: the file cannot be read (");
    }
  }

  @Test
  void anImageWhoseFileFillsTheMemoryIsCorruptNotFatal() throws Exception {
    add("1.png", 1);
    add("2.png", 2);
    try (FileChannel channel = FileChannel.open(folder.resolve("2.png"), WRITE)) {
      channel.write(ByteBuffer.allocate(1), 3L << 30); // A hole: it takes no room on the disk.
    }
    try (ImageDataset images = FolderImages.open(folder)) {
      assertThatThrownBy(() -> images.decode(1))
          .isInstanceOf(CorruptImageException.class)
          .hasMessage(
              "2.png: its file does not fit into memory; shrink the picture or give Java more"
                  + " (-Xmx)");
    }
  }

  private void add(String name, int rgb) throws Exception {
    TestImages.write(folder.resolve(name), TestImages.png(3, 4, rgb));
  }
}
