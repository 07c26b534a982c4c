package dev.hourglass.data.sets;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import dev.hourglass.data.TestImages;
import dev.hourglass.data.image.DecodedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarImagesTest {

  private static final int RECORD = 3073;

  @TempDir private Path folder;

  @Test
  void readsAllBatchesInOrderWithLabelsAndNames() throws Exception {
    write("data_batch_2.bin", record(7, 1, 2, 3));
    write("data_batch_1.bin", record(0, 10, 20, 30), record(9, 200, 100, 50));
    write("test_batch.bin", record(1, 0, 0, 0));
    Files.writeString(
        folder.resolve("batches.meta.txt"),
        "plane\ncar\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n");
    try (ImageDataset set = CifarImages.open(folder)) {
      assertThat(set.size()).isEqualTo(3);
      assertThat(new int[] {set.label(0), set.label(1), set.label(2)}).containsExactly(0, 9, 7);
      assertThat(set.name(1)).isEqualTo("data_batch_1.bin#1");
      assertThat(set.name(2)).isEqualTo("data_batch_2.bin#0");
      assertThat(set.classNames()).startsWith("plane", "car").endsWith("truck").hasSize(10);
      DecodedImage image = set.decode(1);
      assertThat(new int[] {image.height(), image.width(), image.channels()})
          .containsExactly(32, 32, 3);
      assertThat(image.pixels()).startsWith(200, 100, 50).endsWith(200, 100, 50);
      assertThat(set.decode(2).pixels()).startsWith(1, 2, 3);
    }
  }

  @Test
  void takesTheParentFolderAndNumbersUnnamedClasses() throws Exception {
    write("cifar-10-batches-bin/data_batch_1.bin", record(3, 1, 2, 3));
    try (ImageDataset set = CifarImages.open(folder)) {
      assertThat(set.size()).isEqualTo(1);
      assertThat(set.classNames()).hasSize(10).startsWith("0", "1");
    }
  }

  @Test
  void foldersWithoutBatchesTellWhatWasLookedFor() {
    assertThatThrownBy(() -> CifarImages.open(folder))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "No CIFAR images were found in %s, where data_batch_*.bin (CIFAR-10) and train.bin"
                + " (CIFAR-100) were looked for; get the binary version, cifar-10-binary.tar.gz,"
                + " and unpack it there.",
            folder);
  }

  @Test
  void truncatedFilesAreRefused() throws Exception {
    write("data_batch_1.bin", Arrays.copyOf(record(3, 1, 2, 3), 3000));
    assertThatThrownBy(() -> CifarImages.open(folder))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "%s is no CIFAR-10 file or is cut short: its 3000 bytes are no multiple of 3073; fetch"
                + " it again.",
            folder.resolve("data_batch_1.bin"));
  }

  @Test
  void impossibleLabelsAreRefused() throws Exception {
    write("data_batch_1.bin", record(3, 1, 2, 3), record(10, 1, 2, 3));
    assertThatThrownBy(() -> CifarImages.open(folder))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "%s is no CIFAR-10 file: image 1 has the label 10, and labels end at 9; fetch it"
                + " again.",
            folder.resolve("data_batch_1.bin"));
  }

  @Test
  void aSecondCopyOfABatchIsPassedOver() throws Exception {
    write("data_batch_1.bin", record(3, 1, 2, 3));
    write("data_batch_1 (1).bin", record(3, 1, 2, 3));
    try (ImageDataset set = CifarImages.open(folder)) {
      assertThat(set.size()).isEqualTo(1);
      assertThat(set.report().lines())
          .contains("1 passed over (copy of data_batch_1.bin): data_batch_1 (1).bin.");
    }
  }

  @Test
  void theTestBatchAloneIsReadAndSaid() throws Exception {
    write("test_batch.bin", record(3, 1, 2, 3));
    try (ImageDataset set = CifarImages.open(folder)) {
      assertThat(set.label(0)).isEqualTo(3);
      assertThat(set.report().lines())
          .contains("There is no training set, so the test or validation set is read.");
    }
  }

  @Test
  void readsTheFineLabelsOfCifar100() throws Exception {
    byte[] file = new byte[2 * (RECORD + 1)];
    System.arraycopy(record(42, 1, 2, 3), 0, file, 1, RECORD);
    System.arraycopy(record(99, 7, 8, 9), 0, file, RECORD + 2, RECORD);
    file[0] = 5;
    write("cifar-100-binary/train.bin", file);
    write("cifar-100-binary/test.bin", new byte[RECORD + 1]);
    try (ImageDataset set = CifarImages.open(folder)) {
      assertThat(set.size()).isEqualTo(2);
      assertThat(new int[] {set.label(0), set.label(1)}).containsExactly(42, 99);
      assertThat(set.decode(1).pixels()).startsWith(7, 8, 9).endsWith(7, 8, 9);
      assertThat(set.classNames()).hasSize(100);
      assertThat(set.name(1)).isEqualTo("train.bin#1");
    }
  }

  @Test
  void twoSetsInOneFolderAreRefused() throws Exception {
    write("a/data_batch_1.bin", record(3, 1, 2, 3));
    write("b/data_batch_1.bin", record(3, 1, 2, 3));
    assertThatThrownBy(() -> CifarImages.open(folder))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "%s holds several sets (a/CIFAR-10, b/CIFAR-10); give the folder of one as"
                + " dataset.location.",
            folder);
  }

  @Test
  void theVersionForPythonAndArchivesAreRecognised() throws Exception {
    write("cifar-10-batches-py/data_batch_1", new byte[10]);
    assertThatThrownBy(() -> CifarImages.open(folder))
        .hasMessageEndingWith("and unpack it there: this is the one for Python.");
    write("cifar-10-binary.tar.gz", new byte[10]);
    assertThatThrownBy(() -> CifarImages.open(folder))
        .hasMessageContaining("; unpack what is still packed (cifar-10-binary.tar.gz); ");
  }

  @Test
  void namesMustBeThoseOfAllClassesAndMayBeInLatin1() throws Exception {
    write("data_batch_1.bin", record(3, 1, 2, 3));
    Path names = folder.resolve("batches.meta.txt");
    Files.writeString(names, "a\nb\nc\nd\ne\nf\ng\nh\ni\n");
    assertThatThrownBy(() -> CifarImages.open(folder))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "%s names 9 classes, but CIFAR-10 has 10; fetch it again, or remove it to number them.",
            names);
    Files.write(names, "a\nb\nc\nd\ne\nf\ng\nh\ni\ncaf\u00e9\n".getBytes(ISO_8859_1));
    try (ImageDataset set = CifarImages.open(folder)) {
      assertThat(set.classNames()).endsWith("caf\u00e9");
    }
  }

  private static byte[] record(int label, int red, int green, int blue) {
    byte[] record = new byte[RECORD];
    record[0] = (byte) label;
    Arrays.fill(record, 1, 1025, (byte) red);
    Arrays.fill(record, 1025, 2049, (byte) green);
    Arrays.fill(record, 2049, RECORD, (byte) blue);
    return record;
  }

  private void write(String name, byte[]... records) throws Exception {
    byte[] all = new byte[0];
    for (byte[] record : records) {
      int end = all.length;
      all = Arrays.copyOf(all, end + record.length);
      System.arraycopy(record, 0, all, end, record.length);
    }
    TestImages.write(folder.resolve(name), all);
  }
}
