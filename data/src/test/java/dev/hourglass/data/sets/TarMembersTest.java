package dev.hourglass.data.sets;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import dev.hourglass.data.TestImages;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What tar files may hold beside plain entries, and what may be wrong with them. */
class TarMembersTest {

  private static final byte[] RED = TestImages.png(2, 3, 0xFF0000);
  private static final byte[] BLUE = TestImages.png(4, 2, 0x0000FF);

  @TempDir private Path folder;

  @Test
  void filesPutTogetherWithCatAreReadToTheEnd() throws Exception {
    byte[] one = TestImages.tar("1.png", RED, "1.cls", text("0"));
    byte[] two = TestImages.tar("1.png", BLUE, "1.cls", text("1"));
    write("a.tar", join(one, two, new byte[7 * 512]));
    assertThat(images()).containsExactly("a.tar#1.png=0", "a.tar#1.png=1");
    try (ImageDataset set = TarImages.open(folder, 2)) {
      assertThat(set.decode(0).pixels()).startsWith(0xFF, 0, 0);
      assertThat(set.decode(1).pixels()).startsWith(0, 0, 0xFF);
    }
  }

  @Test
  void oneBlockOfZerosBetweenTwoFilesIsEnough() throws Exception {
    byte[] one = Arrays.copyOf(TestImages.tar("1.png", RED), 1024);
    write("a.tar", join(one, new byte[512], TestImages.tar("2.png", BLUE)));
    assertThat(images()).containsExactly("a.tar#1.png=-1", "a.tar#2.png=-1");
  }

  @Test
  void anEndMarkMayBeMissing() throws Exception {
    write("a.tar", Arrays.copyOf(TestImages.tar("1.png", RED), 1024));
    assertThat(images()).containsExactly("a.tar#1.png=-1");
  }

  @Test
  void whatFollowsTheEndAndIsNoTarFileIsRefused() throws Exception {
    write("a.tar", join(TestImages.tar("1.png", RED), "x".repeat(600).getBytes(UTF_8)));
    refuses("a.tar is damaged or no tar file (");
  }

  @Test
  void aFileCutWithinAHeaderIsRefused() throws Exception {
    write("a.tar", Arrays.copyOf(TestImages.tar("1.png", RED, "2.png", BLUE), 1024 + 164));
    refuses(
        "a.tar is damaged or no tar file (it is cut short within the header at byte 1024); fetch or"
            + " make it again.");
  }

  @Test
  void aHeaderWithAWrongChecksumIsRefused() throws Exception {
    byte[] tar = TestImages.tar("1.png", RED, "2.png", BLUE);
    tar[1024 + 2] ^= 1; // 2.png becomes 2.qng
    write("a.tar", tar);
    refuses(
        "a.tar is damaged or no tar file (the header before byte 1536 has a wrong checksum); fetch"
            + " or make it again.");
  }

  @Test
  void anEmptyFileIsRefused() throws Exception {
    write("a.tar", TestImages.tar("1.png", RED));
    write("b.tar", new byte[0]);
    refuses("b.tar is empty; fetch it again or remove it.");
  }

  @Test
  void aFileOfZerosIsPassedOver() throws Exception {
    write("a.tar", TestImages.tar("1.png", RED));
    write("b.tar", new byte[10240]);
    assertThat(images()).containsExactly("a.tar#1.png=-1");
    assertThat(said()).contains("1 passed over (tar file without images): b.tar.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../up/", "/data/", "v1.0/", "日本é/"})
  void foldersOfAllKindsAreNoMoreThanNames(String prefix) throws Exception {
    write("a.tar", TestImages.tar(prefix + "1.png", RED, prefix + "1.cls", text("1")));
    assertThat(images()).containsExactly("a.tar#" + prefix + "1.png=1");
  }

  @Test
  void longNamesAreReadInBothForms() throws Exception {
    String name = "dir/" + "x".repeat(150);
    for (int mode :
        new int[] {TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX}) {
      Tar tar = new Tar();
      tar.out.setLongFileMode(mode);
      tar.file(name + ".png", RED).file(name + ".cls", text("1"));
      write("a.tar", tar.bytes());
      assertThat(images()).containsExactly("a.tar#" + name + ".png=1");
    }
  }

  @Test
  void linksHaveTheContentOfTheirTargets() throws Exception {
    Tar tar =
        new Tar()
            .link("s/first.png", TarConstants.LF_SYMLINK, "../d/a.png")
            .link("s/first.cls", TarConstants.LF_SYMLINK, "second.cls")
            .link("s/second.cls", TarConstants.LF_SYMLINK, "../d/a.cls")
            .file("d/a.png", RED)
            .file("d/a.cls", text("2"))
            .link("hard.png", TarConstants.LF_LINK, "d/a.png")
            .link("hard.cls", TarConstants.LF_LINK, "d/a.cls");
    write("a.tar", tar.bytes());
    assertThat(images())
        .containsExactly("a.tar#s/first.png=2", "a.tar#d/a.png=2", "a.tar#hard.png=2");
    try (ImageDataset set = TarImages.open(folder, 3)) {
      for (int i = 0; i < 3; i++) {
        assertThat(set.decode(i).pixels()).startsWith(0xFF, 0, 0);
      }
    }
  }

  @Test
  void linksThatLeadNowhereAndSpecialFilesArePassedOver() throws Exception {
    Tar tar =
        new Tar()
            .file("a.png", RED)
            .link("gone.png", TarConstants.LF_SYMLINK, "nothing.png")
            .link("x.png", TarConstants.LF_SYMLINK, "y.png")
            .link("y.png", TarConstants.LF_SYMLINK, "x.png")
            .link("fifo.png", TarConstants.LF_FIFO, "");
    write("a.tar", tar.bytes());
    assertThat(images()).containsExactly("a.tar#a.png=-1");
    assertThat(said())
        .contains(
            "3 passed over (link that leads nowhere): a.tar#gone.png, a.tar#x.png, a.tar#y.png.",
            "1 passed over (no regular file): a.tar#fifo.png.");
  }

  @Test
  void sparseFilesAreFilledWithZeros() throws Exception {
    // Written by GNU tar -S in its old form: 54 bytes of a header, then a hole.
    byte[] bitmap = TestImages.encode(TestImages.flat(64, 64, 0), "bmp");
    write("a.tar", join(sparse("a.bmp", bitmap.length, bitmap, 512), new byte[1024]));
    assertThat(images()).containsExactly("a.tar#a.bmp=-1");
    try (ImageDataset set = TarImages.open(folder, 0)) {
      assertThat(set.decode(0).pixels()).hasSize(64 * 64 * 3).containsOnly(0);
    }
  }

  @Test
  void packedOrNotIsToldByContent() throws Exception {
    byte[] tar = TestImages.tar("1.png", RED);
    write("packed.tar", TestImages.gzip(tar));
    write("plain.tar.gz", tar);
    write("UPPER.TAR", tar);
    assertThat(images())
        .containsExactly("UPPER.TAR#1.png=-1", "packed.tar#1.png=-1", "plain.tar.gz#1.png=-1");
  }

  @Test
  void whatOperatingSystemsLeaveBehindIsPassedOver() throws Exception {
    write(
        "a.tar",
        TestImages.tar(
            "._1.png", RED, "__MACOSX/2.png", RED, ".DS_Store", RED, "1.png", RED, "1.heic", RED));
    assertThat(images()).containsExactly("a.tar#1.png=-1");
    assertThat(said())
        .containsExactly(
            "Images from a.tar.",
            "1 passed over (left by the operating system): a.tar#__MACOSX/2.png.",
            "1 passed over (no decoder for .heic): a.tar#1.heic.");
  }

  private List<String> images() {
    try (ImageDataset set = TarImages.open(folder, 0)) {
      return IntStream.range(0, set.size())
          .mapToObj(i -> set.name(i) + "=" + set.label(i))
          .toList();
    }
  }

  private List<String> said() {
    try (ImageDataset set = TarImages.open(folder, 0)) {
      return set.report().lines();
    }
  }

  private void refuses(String start) {
    assertThatThrownBy(() -> TarImages.open(folder, 0))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(folder + File.separator + start);
  }

  private void write(String name, byte[] content) throws Exception {
    Files.write(folder.resolve(name), content);
  }

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }

  /** One entry of the type S: its first bytes are there, the rest is a hole. */
  private static byte[] sparse(String name, int size, byte[] content, int stored) {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 100, "0000644\0" + "0000000\0".repeat(2));
    put(header, 124, "%011o\0".formatted(stored) + "00000000000\0" + " ".repeat(8) + "S");
    put(header, 257, "ustar  \0");
    put(header, 386, "%011o\0%011o\0".formatted(0, stored));
    put(header, 410, "%011o\0%011o\0".formatted(size, 0));
    put(header, 483, "%011o\0".formatted(size));
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xFF;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    return join(header, Arrays.copyOf(content, stored));
  }

  private static void put(byte[] header, int at, String text) {
    System.arraycopy(text.getBytes(UTF_8), 0, header, at, text.length());
  }

  /** A tar file entry by entry. */
  private static final class Tar {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream out = new TarArchiveOutputStream(bytes);

    Tar file(String name, byte[] content) throws Exception {
      TarArchiveEntry entry = new TarArchiveEntry(name);
      entry.setSize(content.length);
      out.putArchiveEntry(entry);
      out.write(content);
      out.closeArchiveEntry();
      return this;
    }

    Tar link(String name, byte type, String target) throws Exception {
      TarArchiveEntry entry = new TarArchiveEntry(name, type);
      entry.setLinkName(target);
      out.putArchiveEntry(entry);
      out.closeArchiveEntry();
      return this;
    }

    byte[] bytes() throws Exception {
      out.close();
      return bytes.toByteArray();
    }
  }
}
