package dev.hourglass.data.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.data.TestImages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmojiUnpackingTest {

  @TempDir Path folder;

  private static List<String[]> table() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(EmojiUnpacking.class.getResourceAsStream("emoji.tsv"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("\t"))
          .toList();
    }
  }

  private Path packed(int without) throws IOException {
    List<Object> entries = new ArrayList<>(List.of("package/package.json", new byte[] {'{', '}'}));
    for (String[] row : table().subList(0, table().size() - without)) {
      entries.add("package/assets/" + row[0] + ".webp");
      entries.add(row[0].getBytes(StandardCharsets.UTF_8));
    }
    entries.add("package/assets/1f44b-1f3fb.webp"); // A skin tone.
    entries.add(new byte[] {1});
    return TestImages.write(
        folder.resolve("package.tgz"), TestImages.gzip(TestImages.tar(entries.toArray())));
  }

  @Test
  void theImagesOfTheShippedSetAreKeptByGroupAndNoOthers() throws IOException {
    Path set = Files.createDirectories(folder.resolve("set"));
    new EmojiUnpacking().unpack(packed(0), set);
    try (Stream<Path> groups = Files.list(set)) {
      assertThat(groups).hasSize(9);
    }
    try (Stream<Path> files = Files.walk(set)) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(1618);
    }
    assertThat(set.resolve("Symbols/0023-fe0f-20e3.webp")).hasContent("0023-fe0f-20e3");
  }

  @Test
  void aPackageThatLacksImagesIsRefused() throws IOException {
    Path set = Files.createDirectories(folder.resolve("set"));
    Path packed = packed(2);
    assertThatThrownBy(() -> new EmojiUnpacking().unpack(packed, set))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("2 of its images are missing");
  }
}
