package dev.hourglass.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.InputException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxImagesTest {

  private static final int COUNT = 5;
  private static final int HEIGHT = 3;
  private static final int WIDTH = 4;

  @TempDir private Path folder;

  @Test
  void readsImagesAndLabels() throws Exception {
    write("train-images-idx3-ubyte", images(10));
    write("train-labels-idx1-ubyte", labels(3, 0, 2, 2, 1));
    check(folder, 10, "train-images-idx3-ubyte#4", 3, 0, 2, 2, 1);
  }

  @Test
  void readsPackedFilesInTheFolderThatTorchvisionMakes() throws Exception {
    write("MNIST/raw/train-images-idx3-ubyte.gz", TestImages.gzip(images(10)));
    write("MNIST/raw/train-labels-idx1-ubyte.gz", TestImages.gzip(labels(3, 0, 2, 2, 1)));
    check(folder, 10, "train-images-idx3-ubyte.gz#4", 3, 0, 2, 2, 1);
  }

  @Test
  void prefersTheTrainingSetAndReadsTheTestSetAlone() throws Exception {
    write("t10k-images-idx3-ubyte", images(20));
    write("t10k-labels-idx1-ubyte", labels(1, 1, 1, 1, 1));
    check(folder, 20, "t10k-images-idx3-ubyte#4", 1, 1, 1, 1, 1);
    write("train-images-idx3-ubyte", images(10));
    write("train-labels-idx1-ubyte", labels(3, 0, 2, 2, 1));
    check(folder, 10, "train-images-idx3-ubyte#4", 3, 0, 2, 2, 1);
    check(folder.resolve("t10k-images-idx3-ubyte"), 20, "t10k-images-idx3-ubyte#4", 1, 1, 1, 1, 1);
  }

  @Test
  void hasNoClassesWithoutALabelFile() throws Exception {
    write("train-images-idx3-ubyte", images(10));
    try (ImageDataset set = IdxImages.open(folder, 0)) {
      assertThat(set.label(0)).isEqualTo(-1);
      assertThat(set.classNames()).isEmpty();
    }
  }

  @Test
  void namesAsManyClassesAsTheConfigOrTheLabelsTellOf() throws Exception {
    write("train-images-idx3-ubyte", images(10));
    write("train-labels-idx1-ubyte", labels(3, 0, 2, 2, 1));
    try (ImageDataset set = IdxImages.open(folder, 6)) {
      assertThat(set.classNames()).containsExactly("0", "1", "2", "3", "4", "5");
    }
    try (ImageDataset set = IdxImages.open(folder, 2)) {
      assertThat(set.classNames()).containsExactly("0", "1", "2", "3");
    }
  }

  @Test
  void foldersWithoutIdxFilesTellWhatWasLookedFor() {
    refuses(
        "No idx images were found in %s, where train-images-idx3-ubyte, t10k-images-idx3-ubyte or"
            + " either with .gz were looked for; correct dataset.location.",
        folder);
    assertThatThrownBy(() -> IdxImages.open(folder.resolve("x"), 0))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("does not exist");
  }

  @Test
  void wrongMagicIsRefused() throws Exception {
    Path file = write("train-images-idx3-ubyte", labels(new int[20]));
    refuses(
        "%s is no idx file of images: it holds 20 bytes, where count x height x width are needed, or"
            + " x 3 for colours; check the file.",
        file);
  }

  @Test
  void truncatedAndOverlongFilesAreRefused() throws Exception {
    Path file = write("train-images-idx3-ubyte", Arrays.copyOf(images(10), 75));
    refuses("%s is cut short: it has 75 bytes where its header tells of 76; fetch it again.", file);
    write("train-images-idx3-ubyte", Arrays.copyOf(images(10), 77));
    refuses("%s is too long: it has 77 bytes where its header tells of 76; fetch it again.", file);
    write("train-images-idx3-ubyte", new byte[9]);
    refuses(
        "%s is cut short: its 9 bytes are less than the header of an idx file; fetch it again.",
        file);
  }

  @Test
  void emptySetsAreRefused() throws Exception {
    byte[] none = ByteBuffer.allocate(16).putInt(0x803).putInt(0).putInt(28).putInt(28).array();
    Path file = write("train-images-idx3-ubyte", none);
    refuses("%s says it holds 0 images of 28 x 28 pixels; choose a file with images in it.", file);
  }

  @Test
  void labelsMustBeAsManyAsImagesAndComplete() throws Exception {
    write("train-images-idx3-ubyte", images(10));
    Path file = write("train-labels-idx1-ubyte", labels(1, 2));
    refuses(
        "%s holds 2 labels for the 5 images of train-images-idx3-ubyte; use files of the same set.",
        file);
    write("train-labels-idx1-ubyte", Arrays.copyOf(labels(3, 0, 2, 2, 1), 12));
    refuses("%s is cut short: it has 12 bytes where its header tells of 13; fetch it again.", file);
  }

  @Test
  void damagedPackedFilesAreRefused() throws Exception {
    byte[] packed = TestImages.gzip(images(10));
    write("train-images-idx3-ubyte.gz", Arrays.copyOf(packed, packed.length - 12));
    assertThatThrownBy(() -> IdxImages.open(folder, 0))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("train-images-idx3-ubyte.gz cannot be unpacked (");
  }

  private static void check(Path location, int first, String lastName, int... labels)
      throws Exception {
    try (ImageDataset set = IdxImages.open(location, 0)) {
      assertThat(set.size()).isEqualTo(COUNT);
      for (int i = 0; i < COUNT; i++) {
        DecodedImage image = set.decode(i);
        assertThat(image.height()).isEqualTo(HEIGHT);
        assertThat(image.width()).isEqualTo(WIDTH);
        assertThat(image.channels()).isEqualTo(1);
        assertThat(image.pixels()[0] & 0xFF).isEqualTo(first + i * 12);
        assertThat(image.pixels()[11] & 0xFF).isEqualTo(first + i * 12 + 11);
      }
      assertThat(IntStream.range(0, COUNT).map(set::label)).containsExactly(box(labels));
      assertThat(set.name(COUNT - 1)).isEqualTo(lastName);
    }
  }

  private static Integer[] box(int... values) {
    return Arrays.stream(values).boxed().toArray(Integer[]::new);
  }

  private void refuses(String message, Path file) {
    assertThatThrownBy(() -> IdxImages.open(folder, 0))
        .isInstanceOf(InputException.class)
        .hasMessage(message.formatted(file));
  }

  private Path write(String name, byte[] content) throws Exception {
    Files.createDirectories(folder.resolve(name).getParent());
    return Files.write(folder.resolve(name), content);
  }

  private static byte[] images(int first) {
    ByteBuffer file = ByteBuffer.allocate(16 + COUNT * HEIGHT * WIDTH);
    file.putInt(0x803).putInt(COUNT).putInt(HEIGHT).putInt(WIDTH);
    for (int i = 0; i < COUNT * HEIGHT * WIDTH; i++) {
      file.put((byte) (first + i));
    }
    return file.array();
  }

  private static byte[] labels(int... labels) {
    ByteBuffer file = ByteBuffer.allocate(8 + labels.length).putInt(0x801).putInt(labels.length);
    for (int label : labels) {
      file.put((byte) label);
    }
    return file.array();
  }
}
