package dev.hourglass.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hourglass.core.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardedFileTest {

  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String SECOND = "model-00002-of-00002.safetensors";

  @TempDir Path folder;

  @BeforeEach
  void writeParts() {
    SafetensorsWriter.write(
        folder.resolve(FIRST),
        List.of(
            TensorData.ofFloats("a", new long[] {2}, new float[] {1, 2}),
            TensorData.ofFloats("b", new long[0], new float[] {3})),
        Map.of("format", "pt"));
    SafetensorsWriter.write(
        folder.resolve(SECOND),
        List.of(TensorData.ofFloats("c", new long[] {1, 1}, new float[] {4})),
        Map.of("format", "other", "config", "{}"));
  }

  private Path index(String json) throws IOException {
    return Files.writeString(folder.resolve("model.safetensors.index.json"), json);
  }

  private static void isRefused(Path index, String... parts) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> ShardedFile.open(index).close())
        .withMessageContaining(index.toString())
        .withMessageContainingAll(parts)
        .withMessageEndingWith(".");
  }

  @Test
  void thePartsReadAsOneFile() throws IOException {
    Path index =
        index(
            """
            {"metadata": {"total_size": 16, "note": "two parts"},
             "weight_map": {"a": "%s", "b": "%s", "c": "%s"}}
            """
                .formatted(FIRST, FIRST, SECOND));
    try (ShardedFile file = ShardedFile.open(index)) {
      assertThat(file.names()).containsExactly("a", "b", "c");
      assertThat(file.read("a").floats()).containsExactly(1, 2);
      assertThat(file.read("c").floats()).containsExactly(4);
      assertThat(file.read("c").shape()).containsExactly(1L, 1L);
      assertThat(file.metadata())
          .isEqualTo(Map.of("note", "two parts", "format", "pt", "config", "{}"));
      assertThat(file.files())
          .containsExactly(index, folder.resolve(FIRST), folder.resolve(SECOND));
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(() -> file.read("d"))
          .withMessageContaining("has no tensor \"d\"");
    }
  }

  @Test
  void whatDoesNotFitTogetherIsRefused() throws IOException {
    isRefused(
        index("{\"weight_map\": {\"a\": \"model-00003-of-00003.safetensors\"}}"),
        "names the part",
        "which is not there; put all parts beside the index");
    isRefused(
        index("{\"weight_map\": {\"a\": \"%s\"}}".formatted(SECOND)),
        "holds the tensor \"a\", but it does not");
  }

  @Test
  void pathsToOtherFoldersAreRefused() throws IOException {
    for (String name : List.of("../" + FIRST, "/etc/passwd", "C:x", "..", ".", "", "a\\\\b")) {
      isRefused(
          index("{\"weight_map\": {\"a\": \"%s\"}}".formatted(name)),
          "the file of tensor \"a\" is no plain file name");
    }
    isRefused(index("{\"weight_map\": {\"a\": 3}}"), "is no plain file name");
  }

  @Test
  void damagedIndicesAreRefused() throws IOException {
    isRefused(index("{\"weight_map\": {\"a\":\n \"b\",,}}"), "line 2, column 6 is not valid JSON");
    isRefused(index("{\"weight_map\": {\"a\": \"b\", \"a\": \"b\"}}"), "is not valid JSON");
    isRefused(index("{\"weight_map\": []}"), "is no list of tensors and files");
    isRefused(index("{\"weight_map\": {}}"), "is no list of tensors and files");
    isRefused(index("null"), "is no list of tensors and files");
  }

  @Test
  void aPartByItselfIsRefusedWithTheNameOfItsIndex() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> ShardedFile.requireWhole(folder.resolve(SECOND)))
        .withMessage(
            "%s is part 2 of the 2 parts of a model; give their index,"
                + " model.safetensors.index.json, which must lie beside all of them.",
            folder.resolve(SECOND));
    ShardedFile.requireWhole(folder.resolve("model-00001-of-00001.safetensors"));
    ShardedFile.requireWhole(folder.resolve("fold-1-of-5.safetensors"));
  }
}
