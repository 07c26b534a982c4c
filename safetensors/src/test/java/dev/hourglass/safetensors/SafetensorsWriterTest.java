package dev.hourglass.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("new.safetensors");
  }

  private static TensorData empty(String name, DType dtype) {
    return TensorData.of(name, dtype, new long[] {0}, MemorySegment.ofArray(new byte[0]));
  }

  /** The JSON with its padding. */
  private String header() throws IOException {
    byte[] content = Files.readAllBytes(file);
    assertThat(Arrays.copyOfRange(content, 2, 8)).containsOnly(0);
    int length = (content[0] & 0xFF) | (content[1] & 0xFF) << 8;
    return new String(content, 8, length, StandardCharsets.UTF_8);
  }

  private List<String> order() {
    try (SafetensorsFile written = SafetensorsFile.open(file)) {
      return List.copyOf(written.tensors().keySet());
    }
  }

  @Test
  void theBytesAreThoseOfTheFormat() throws IOException {
    SafetensorsWriter.write(
        file, List.of(TensorData.ofFloats("w", new long[] {2}, new float[] {1, -2})), Map.of());
    String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    String padded = header + " ".repeat(56 - header.length());
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(file)))
        .isEqualTo(
            "3800000000000000"
                + HexFormat.of().formatHex(padded.getBytes(StandardCharsets.UTF_8))
                + "0000803f000000c0");
  }

  @Test
  void aHeaderThatEndsAlignedIsNotPadded() throws IOException {
    SafetensorsWriter.write(
        file, List.of(TensorData.ofFloats("name", new long[] {2, 1}, new float[2])), Map.of());
    assertThat(header()).hasSize(64).endsWith("}}     ");
    SafetensorsWriter.write(
        file, List.of(TensorData.ofFloats("nameOfIts", new long[] {2, 1}, new float[2])), Map.of());
    assertThat(header()).hasSize(64).endsWith("[0,8]}}");
  }

  @Test
  void aFileWithoutTensorsIsAnEmptyObject() throws IOException {
    SafetensorsWriter.write(file, List.of(), Map.of());
    assertThat(header()).isEqualTo("{}      ");
  }

  @Test
  void metadataComesFirstSortedByKey() throws IOException {
    SafetensorsWriter.write(
        file, List.of(empty("a", DType.U8)), Map.of("z", "1", "b", "2", "k", "3"));
    assertThat(header())
        .startsWith("{\"__metadata__\":{\"b\":\"2\",\"k\":\"3\",\"z\":\"1\"},\"a\"");
  }

  @Test
  void onlyWhatJsonDemandsIsEscaped() throws IOException {
    SafetensorsWriter.write(
        file, List.of(), Map.of("k", "\"\\/\b\f\n\r\t\u0000\u001f\u007f\u00e4\u2028\uD83D\uDE00"));
    assertThat(header().strip())
        .isEqualTo(
            "{\"__metadata__\":{\"k\":\"\\\"\\\\/\\b\\f\\n"
                + "\\r"
                + "\\t\\u0000\\u001f\u007f\u00e4\u2028\uD83D\uDE00\"}}");
  }

  @Test
  void wideTypesComeFirstInTheOrderOfTheReference() {
    List<TensorData> tensors = new ArrayList<>();
    for (DType dtype : DType.values()) {
      tensors.add(empty(dtype.name(), dtype));
    }
    Collections.reverse(tensors);
    SafetensorsWriter.write(file, tensors, Map.of());
    assertThat(order())
        .containsExactly(
            "U64",
            "I64",
            "F64",
            "C64",
            "F32",
            "U32",
            "I32",
            "BF16",
            "F16",
            "U16",
            "I16",
            "F8_E5M2FNUZ",
            "F8_E4M3FNUZ",
            "F8_E8M0",
            "F8_E4M3",
            "F8_E5M2",
            "I8",
            "U8",
            "F6_E3M2",
            "F6_E2M3",
            "F4",
            "BOOL");
  }

  @Test
  void namesOfOneTypeAreSortedByTheirUtf8Bytes() {
    String emoji = "\uD83D\uDE00";
    SafetensorsWriter.write(
        file,
        List.of(
            empty(emoji, DType.F32),
            empty("\uFFFD", DType.F32),
            empty("b.10", DType.F32),
            empty("b.9", DType.F32),
            empty("B", DType.F32),
            empty("", DType.F32)),
        Map.of());
    assertThat(order()).containsExactly("", "B", "b.10", "b.9", "\uFFFD", emoji);
  }

  @Test
  void everyTensorIsAlignedToItsElementSize() {
    SafetensorsWriter.write(
        file,
        List.of(
            TensorData.of("a", DType.U8, new long[] {3}, MemorySegment.ofArray(new byte[3])),
            TensorData.of("b", DType.I16, new long[] {3}, MemorySegment.ofArray(new short[3])),
            TensorData.of("c", DType.F64, new long[] {3}, MemorySegment.ofArray(new double[3])),
            TensorData.ofFloats("d", new long[] {3}, new float[3])),
        Map.of());
    try (SafetensorsFile written = SafetensorsFile.open(file)) {
      written
          .tensors()
          .forEach(
              (name, tensor) ->
                  assertThat(written.bytes(name).address() % (tensor.dtype().bits() / 8)).isZero());
    }
  }

  @Test
  void segmentsOfEveryKindAreWritten() {
    long many = 9L << 20;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment outside = arena.allocate(many);
      outside.set(ValueLayout.JAVA_BYTE, many - 1, (byte) 5);
      SafetensorsWriter.write(
          file,
          List.of(
              TensorData.of("outside", DType.U8, new long[] {many}, outside),
              TensorData.of("ints", DType.U8, new long[] {8}, MemorySegment.ofArray(new int[2]))),
          Map.of());
    }
    try (SafetensorsFile written = SafetensorsFile.open(file)) {
      MemorySegment outside = written.bytes("outside");
      assertThat(outside.byteSize()).isEqualTo(many);
      assertThat(outside.get(ValueLayout.JAVA_BYTE, many - 1)).isEqualTo((byte) 5);
      assertThat(
              outside
                  .asSlice(0, many - 1)
                  .mismatch(MemorySegment.ofArray(new byte[(int) many - 1])))
          .isEqualTo(-1);
      assertThat(written.longs("ints")).hasSize(8).containsOnly(0);
    }
  }

  @Test
  void anOpenFileCanBeReplaced() {
    SafetensorsWriter.write(
        file, List.of(TensorData.ofFloats("w", new long[0], new float[] {1})), Map.of());
    try (SafetensorsFile old = SafetensorsFile.open(file)) {
      SafetensorsWriter.write(
          file, List.of(TensorData.ofFloats("w", new long[0], new float[] {2})), Map.of());
      assertThat(old.floats("w")).containsExactly(1);
    }
    try (SafetensorsFile written = SafetensorsFile.open(file)) {
      assertThat(written.floats("w")).containsExactly(2);
    }
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void aWriteThatFailsLeavesTheOldFile() {
    SafetensorsWriter.write(file, List.of(empty("old", DType.U8)), Map.of());
    MemorySegment gone;
    try (Arena arena = Arena.ofConfined()) {
      gone = arena.allocate(1);
    }
    TensorData dead = TensorData.of("new", DType.U8, new long[] {1}, gone);
    assertThatThrownBy(() -> SafetensorsWriter.write(file, List.of(dead), Map.of()))
        .isInstanceOf(IllegalStateException.class);
    assertThat(order()).containsExactly("old");
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void aFolderInTheWayIsRefused() {
    assertThatThrownBy(() -> SafetensorsWriter.write(folder, List.of(), Map.of()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(folder.toString());
  }

  @Test
  void laterChangesToTheFloatsDoNotReachTheFile() {
    float[] values = {1};
    TensorData tensor = TensorData.ofFloats("w", new long[0], values);
    values[0] = 2;
    SafetensorsWriter.write(file, List.of(tensor), Map.of());
    try (SafetensorsFile written = SafetensorsFile.open(file)) {
      assertThat(written.floats("w")).containsExactly(1);
    }
  }

  @Test
  void twoTensorsOfOneNameAreRefused() {
    assertThatThrownBy(
            () ->
                SafetensorsWriter.write(
                    file, List.of(empty("a", DType.U8), empty("a", DType.F32)), Map.of()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("two tensors are named \"a\"");
    assertThat(file).doesNotExist();
  }

  @Test
  void moreEntriesThanTheReaderAllowsAreRefused() {
    TensorData tensor = empty("a", DType.U8);
    List<TensorData> most = Collections.nCopies(1_000_000, tensor);
    List<TensorData> tooMany = Collections.nCopies(1_000_001, tensor);
    assertThatThrownBy(() -> SafetensorsWriter.write(file, tooMany, Map.of()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("1000001 tensors and metadata entries");
    assertThatThrownBy(() -> SafetensorsWriter.write(file, most, Map.of("k", "v")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("1000001 tensors and metadata entries");
    // Their number is fine, their names are not.
    assertThatThrownBy(() -> SafetensorsWriter.write(file, most, Map.of()))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("two tensors");
    assertThat(file).doesNotExist();
  }

  @Test
  void bytesThatDoNotFitTheShapeAreRefused() {
    assertThatThrownBy(() -> TensorData.ofFloats("a", new long[] {2, 3}, new float[5]))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("\"a\" of shape [2, 3] and type F32 takes 24 bytes, but 20 were");
  }

  @Test
  void impossibleShapesAndNamesAreRefused() {
    assertThatThrownBy(() -> TensorData.ofFloats("a", new long[] {-1}, new float[0]))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("negative dimension -1");
    assertThatThrownBy(() -> TensorData.ofFloats("a", new long[65], new float[0]))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("65 dimensions");
    assertThatThrownBy(() -> empty("__metadata__", DType.U8))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cannot be named \"__metadata__\"");
    assertThatThrownBy(() -> empty("a\uD83D", DType.U8))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("half a surrogate pair");
  }

  @Test
  void metadataThatIsNoUnicodeIsRefused() {
    assertThatThrownBy(() -> SafetensorsWriter.write(file, List.of(), Map.of("k", "\uDE00")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("metadata entry \"k\"");
  }
}
