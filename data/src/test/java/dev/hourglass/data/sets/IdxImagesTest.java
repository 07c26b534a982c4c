package dev.hourglass.data.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import dev.hourglass.data.TestImages;
import dev.hourglass.data.image.DecodedImage;
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
        "%s is no idx file of images: it holds 20 bytes, where count x height x width are needed,"
            + " or x 3 for colours; check the file.",
        file);
  }

  @Test
  void truncatedAndOverlongFilesAreRefused() throws Exception {
    Path file = write("train-images-idx3-ubyte", Arrays.copyOf(images(10), 75));
    refuses("%s is cut short: it has 75 bytes where its header tells of 76; fetch it again.", file);
    write("train-images-idx3-ubyte", Arrays.copyOf(images(10), 77));
    refuses("%s is too long: it has 77 bytes where its header tells of 76; fetch it again.", file);
    write("train-images-idx3-ubyte", Arrays.copyOf(images(10), 9));
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

  @Test
  void theTrainingSetOfEmnistIsTakenAndTheTestSetNamed() throws Exception {
    write("emnist-letters-test-images-idx3-ubyte.gz", TestImages.gzip(images(20)));
    write("emnist-letters-train-images-idx3-ubyte.gz", TestImages.gzip(images(10)));
    write("emnist-letters-train-labels-idx1-ubyte.gz", TestImages.gzip(labels(1, 2, 3, 1, 2)));
    check(folder, 10, "emnist-letters-train-images-idx3-ubyte.gz#4", 1, 2, 3, 1, 2);
    try (ImageDataset set = IdxImages.open(folder, 0)) {
      assertThat(set.report().lines())
          .containsExactly(
              "Images from emnist-letters-train-images-idx3-ubyte.gz.",
              "Labels from emnist-letters-train-labels-idx1-ubyte.gz.",
              "1 of 4 classes have no images: 0.",
              "1 passed over (test or validation set): emnist-letters-test-images-idx3-ubyte.gz.");
    }
  }

  @Test
  void severalTrainingSetsAreRefused() throws Exception {
    write("emnist-digits-train-images-idx3-ubyte", images(10));
    write("emnist-letters-train-images-idx3-ubyte", images(10));
    refuses(
        "%s holds several sets (emnist-digits-train-images-idx3-ubyte,"
            + " emnist-letters-train-images-idx3-ubyte); give the path of one of these files as"
            + " dataset.location.",
        folder);
  }

  @Test
  void packedOrNotIsToldByContentNotByName() throws Exception {
    write("train-images-idx3-ubyte", TestImages.gzip(images(10)));
    write("train-labels.idx1-ubyte.gz", labels(3, 0, 2, 2, 1));
    check(folder, 10, "train-images-idx3-ubyte#4", 3, 0, 2, 2, 1);
  }

  @Test
  void coloursAreAFourthDimension() throws Exception {
    ByteBuffer file = ByteBuffer.allocate(20 + 6).putInt(0x804);
    file.putInt(1).putInt(1).putInt(2).putInt(3).put(new byte[] {1, 2, 3, 4, 5, 6});
    write("train-images-idx4-ubyte", file.array());
    try (ImageDataset set = IdxImages.open(folder, 0)) {
      DecodedImage image = set.decode(0);
      assertThat(image.channels()).isEqualTo(3);
      assertThat(image.width()).isEqualTo(2);
      assertThat(image.pixels()).containsExactly(1, 2, 3, 4, 5, 6);
    }
  }

  @Test
  void samplesThatAreNoBytesAreRefused() throws Exception {
    byte[] floats = images(10);
    floats[2] = 0x0D;
    Path file = write("train-images-idx3-ubyte", floats);
    refuses(
        "%s holds 32-bit floats, where unsigned bytes from 0 to 255 are needed; write it in those.",
        file);
  }

  @Test
  void aHeaderOfHugeSizesIsRefused() throws Exception {
    ByteBuffer huge = ByteBuffer.allocate(4 + 255 * 4);
    huge.putInt(0x8FF);
    for (int i = 0; i < 255; i++) {
      huge.putInt(-1);
    }
    write("train-images-idx3-ubyte", huge.array());
    assertThatThrownBy(() -> IdxImages.open(folder, 0))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is cut short: it has 1024 bytes");
  }

  @Test
  void webPagesInPlaceOfDataAreRecognised() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("train-images-idx3-ubyte.gz"), "\n<!DOCTYPE html><title>404");
    refuses(
        "%s holds a web page where data are expected; fetch it again, from a link that still"
            + " works.",
        file);
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
