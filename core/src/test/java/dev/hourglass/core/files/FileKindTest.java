package dev.hourglass.core.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileKindTest {

  @TempDir Path folder;

  /** Bytes of 0 to 255 as characters. */
  private static FileKind of(String bytes) {
    return FileKind.ofStart(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"model": {}}                                    | JSON
          `  {"model": {}}`                                | JSON
          // a comment: {"model": {}}                      | TEXT
          /* one { */ /* two */ {"model": {}}              | JSON
          {"metadata": {}, "weight_map": {"a": "b"}}       | SHARD_INDEX
          [1, 2]                                           | TEXT
          null                                             | TEXT
          /* never closed {                                | TEXT
          model: {}                                        | TEXT
          <!DOCTYPE html><html>                            | WEB_PAGE
          <HTML lang="en">                                 | WEB_PAGE
          version https://git-lfs.github.com/spec/v1 oid   | LFS_POINTER
          GIF89a                                           | IMAGE
          RIFF1234WEBPVP8                                  | IMAGE
          RIFF1234WAVE                                     | TEXT
          """)
  void textIsToldByWhatItBeginsWith(String text, FileKind kind) {
    assertThat(of(text)).isEqualTo(kind);
  }

  @Test
  void commentsAndMarksBeforeAConfigAreSkipped() {
    assertThat(of("// from the web\n# and\n /* more\n */ {\"model\": 1}")).isEqualTo(FileKind.JSON);
    assertThat(of("\u00ef\u00bb\u00bf{}")).isEqualTo(FileKind.JSON);
    assertThat(FileKind.ofStart("{}".getBytes(StandardCharsets.UTF_16))).isEqualTo(FileKind.UTF_16);
    assertThat(FileKind.ofStart("{}".getBytes(StandardCharsets.UTF_16LE)))
        .isEqualTo(FileKind.UTF_16);
  }

  @Test
  void binaryFilesAreToldByTheirFirstBytes() {
    assertThat(of("\2\0\0\0\0\0\0\0{}")).isEqualTo(FileKind.SAFETENSORS);
    assertThat(of("\2\0\0\0\0\0\0\0[]")).isEqualTo(FileKind.UNKNOWN);
    assertThat(of("\u0089PNG\r\n\u001a\n")).isEqualTo(FileKind.IMAGE);
    assertThat(of("\u00ff\u00d8\u00ff\u00e0")).isEqualTo(FileKind.IMAGE);
    assertThat(of("\u001f\u008b\b")).isEqualTo(FileKind.GZIP);
    assertThat(of("\0".repeat(257) + "ustar")).isEqualTo(FileKind.TAR);
    assertThat(of("\u0080\2\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019."))
        .isEqualTo(FileKind.OLD_TORCH);
    assertThat(of("\u0080\4\u0095")).isEqualTo(FileKind.PICKLE);
    assertThat(of("\u0080")).isEqualTo(FileKind.TEXT);
    assertThat(of("")).isEqualTo(FileKind.EMPTY);
    assertThat(of("\1")).isEqualTo(FileKind.UNKNOWN);
  }

  @Test
  void aZipWithAPickleIsAPyTorchFile() throws IOException {
    assertThat(FileKind.ofStart(zip("model_00010000/data.pkl"))).isEqualTo(FileKind.TORCH);
    assertThat(FileKind.ofStart(zip("word/document.xml"))).isEqualTo(FileKind.ZIP);
  }

  private static byte[] zip(String entry) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(entry));
    }
    return bytes.toByteArray();
  }

  @Test
  void anyBytesAreOfSomeKind() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      assertThat(FileKind.ofStart(bytes)).isNotNull();
    }
  }

  @Test
  void pathsAreLookedAt() throws IOException {
    assertThat(FileKind.of(folder)).isEqualTo(FileKind.FOLDER);
    Path page = Files.writeString(folder.resolve("model.safetensors"), "<html></html>");
    assertThat(FileKind.of(page)).isEqualTo(FileKind.WEB_PAGE);
    assertThat(FileKind.WEB_PAGE.refusal(page, "a checkpoint", "give another"))
        .hasMessage(
            "%s is a web page, not a checkpoint; download the file itself, not the page about it."
                .formatted(page));
    assertThat(FileKind.FOLDER.refusal(folder, "a checkpoint", "name a file in it"))
        .hasMessage("%s is a folder, not a checkpoint; name a file in it.".formatted(folder));
    assertThatThrownBy(() -> FileKind.of(folder.resolve("none")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("There is no file");
  }
}
