package dev.hourglass.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {

  @TempDir Path folder;

  private SafetensorsFile openRaw(byte[] content) throws IOException {
    return SafetensorsFile.open(Files.write(folder.resolve("raw.safetensors"), content));
  }

  private SafetensorsFile openOne(DType dtype, ByteBuffer elements) {
    Path file = folder.resolve("one.safetensors");
    MemorySegment bytes = MemorySegment.ofBuffer(elements.rewind());
    long[] shape = {bytes.byteSize() * 8 / dtype.bits()};
    SafetensorsWriter.write(file, List.of(TensorData.of("x", dtype, shape, bytes)), Map.of());
    return SafetensorsFile.open(file);
  }

  private static ByteBuffer elements(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void aFileWithoutTensorsIsValid() throws IOException {
    try (SafetensorsFile file = openRaw(RawFile.of("{}", 0))) {
      assertThat(file.tensors()).isEmpty();
      assertThat(file.metadata()).isEmpty();
      assertThat(file.path()).isEqualTo(folder.resolve("raw.safetensors"));
      assertThatThrownBy(() -> file.tensor("a"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("it holds no tensors at all");
    }
  }

  @Test
  void scalarsAndEmptyTensorsAreRead() throws IOException {
    String header =
        """
        {"none":{"dtype":"F32","shape":[3,0],"data_offsets":[0,0]},\
        "one":{"dtype":"I16","shape":[],"data_offsets":[0,2]},\
        "after":{"dtype":"U8","shape":[0],"data_offsets":[2,2]}}\
        """;
    byte[] content = RawFile.of(header, 2);
    content[content.length - 2] = 7;
    try (SafetensorsFile file = openRaw(content)) {
      assertThat(file.longs("one")).containsExactly(7);
      assertThat(file.tensor("one").elements()).isEqualTo(1);
      assertThat(file.tensor("one").dimensions()).isEmpty();
      assertThat(file.floats("none")).isEmpty();
      assertThat(file.tensor("none").dimensions()).containsExactly(3, 0);
      assertThat(file.bytes("after").byteSize()).isZero();
    }
  }

  @Test
  void tensorsComeInTheOrderOfTheirData() throws IOException {
    String header =
        """
        {"b":{"shape":[1],"data_offsets":[2,3],"dtype":"U8"},\
        "a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},\
        "c":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"__metadata__":{"k":"v"}}   \
        """;
    try (SafetensorsFile file = openRaw(RawFile.of(header, 3))) {
      assertThat(file.tensors().keySet()).containsExactly("c", "a", "b");
      assertThat(file.metadata()).containsExactly(Map.entry("k", "v"));
      assertThatThrownBy(() -> file.tensors().clear())
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> file.metadata().clear())
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  void dataThatBeginsAtAnOddByteIsRead() throws IOException {
    String header = "{\"x\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}";
    String odd = header + " ".repeat(header.length() % 2 == 0 ? 1 : 0);
    byte[] content = RawFile.of(odd, 8);
    ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putDouble(content.length - 8, Math.PI);
    try (SafetensorsFile file = openRaw(content)) {
      assertThat(file.doubles("x")).containsExactly(Math.PI);
      assertThat(file.floats("x")).containsExactly((float) Math.PI);
    }
  }

  @Test
  void aMissingTensorIsRefusedWithTheNearestName() throws IOException {
    String header =
        """
        {"layer.0.weight":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},\
        "layer.0.bias":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}\
        """;
    try (SafetensorsFile file = openRaw(RawFile.of(header, 0))) {
      assertThatThrownBy(() -> file.bytes("layers.0.bias"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("raw.safetensors has no tensor \"layers.0.bias\"")
          .hasMessageContaining("did you mean \"layer.0.bias\"?");
      assertThatThrownBy(() -> file.floats("layer.0.weigth"))
          .hasMessageContaining("did you mean \"layer.0.weight\"?");
      assertThatThrownBy(() -> file.floats("model.mapping.0.weight"))
          .hasMessageContaining("the nearest of its 2 names is \"layer.0.weight\"");
    }
  }

  @Test
  void halfPrecisionIsConvertedExactly() {
    short[] bits = {0x3C00, (short) 0xC000, 0x7BFF, 0x0001, 0x7C00, (short) 0x8000};
    ByteBuffer elements = elements(bits.length * 2);
    for (short b : bits) {
      elements.putShort(b);
    }
    try (SafetensorsFile file = openOne(DType.F16, elements)) {
      assertThat(file.floats("x"))
          .containsExactly(1, -2, 65504, 0x1p-24f, Float.POSITIVE_INFINITY, -0f);
      assertThat(file.doubles("x")).contains(65504, 0x1p-24);
    }
  }

  @Test
  void brainFloatsAreTheUpperHalvesOfFloats() {
    float[] values = {1, -2.5f, 0x1.fep127f, 0x1p-133f, Float.NEGATIVE_INFINITY, -0f};
    ByteBuffer elements = elements(values.length * 2);
    for (float value : values) {
      elements.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
    }
    try (SafetensorsFile file = openOne(DType.BF16, elements)) {
      assertThat(file.floats("x")).containsExactly(values);
    }
  }

  /** Largest, smallest normal, smallest numbers, and what is none. */
  @Test
  void eightBitFloatsAreConvertedExactly() {
    float nan = Float.NaN;
    Map<DType, Map<Integer, Float>> expected =
        Map.of(
            DType.F8_E4M3, Map.of(0x7e, 448f, 0x08, 0x1p-6f, 0x01, 0x1p-9f, 0xb8, -1f, 0xff, nan),
            DType.F8_E5M2,
                Map.of(0x7b, 57344f, 0x04, 0x1p-14f, 0x01, 0x1p-16f, 0xfc, -1f / 0, 0x7d, nan),
            DType.F8_E4M3FNUZ,
                Map.of(0x7f, 240f, 0x08, 0x1p-7f, 0x01, 0x1p-10f, 0xc0, -1f, 0x80, nan),
            DType.F8_E5M2FNUZ,
                Map.of(0x7f, 57344f, 0x04, 0x1p-15f, 0x01, 0x1p-17f, 0xc0, -1f, 0x80, nan),
            DType.F8_E8M0, Map.of(0, 0x1p-127f, 127, 1f, 128, 2f, 254, 0x1p127f, 255, nan));
    ByteBuffer codes = elements(256);
    for (int code = 0; code < 256; code++) {
      codes.put((byte) code);
    }
    expected.forEach(
        (dtype, values) -> {
          try (SafetensorsFile file = openOne(dtype, codes)) {
            float[] read = file.floats("x");
            values.forEach(
                (code, value) -> assertThat(read[code]).as(dtype + " " + code).isEqualTo(value));
            assertThat(file.doubles("x")[64]).isEqualTo(read[64]);
          }
        });
  }

  @Test
  void packedAndComplexElementsAreReadAsBytes() throws IOException {
    String header =
        """
        {"c":{"dtype":"C64","shape":[1],"data_offsets":[0,8]},\
        "f4":{"dtype":"F4","shape":[3,2],"data_offsets":[8,11]},\
        "f6":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[11,14]},\
        "f6b":{"dtype":"F6_E3M2","shape":[4],"data_offsets":[14,17]}}\
        """;
    try (SafetensorsFile file = openRaw(RawFile.of(header, 17))) {
      assertThat(file.tensor("f4").elements()).isEqualTo(6);
      assertThat(file.bytes("f4").byteSize()).isEqualTo(3);
      assertThat(file.read("f6").bytes().byteSize()).isEqualTo(3);
      assertThat(file.names()).containsExactly("c", "f4", "f6", "f6b");
    }
  }

  @Test
  void integersKeepTheirSign() {
    ByteBuffer minusOne = elements(8).putLong(-1);
    Map<DType, Long> expected =
        Map.of(
            DType.I64, -1L,
            DType.I32, -1L,
            DType.I16, -1L,
            DType.I8, -1L,
            DType.U32, 0xFFFFFFFFL,
            DType.U16, 0xFFFFL,
            DType.U8, 0xFFL);
    expected.forEach(
        (dtype, value) -> {
          try (SafetensorsFile file = openOne(dtype, minusOne)) {
            assertThat(file.longs("x")).hasSize(64 / dtype.bits()).containsOnly(value);
          }
        });
    try (SafetensorsFile file = openOne(DType.BOOL, elements(2).put((byte) 1))) {
      assertThat(file.longs("x")).containsExactly(1, 0);
    }
  }

  @Test
  void unsignedNumbersThatNoLongHoldsAreRefused() {
    try (SafetensorsFile file = openOne(DType.U64, elements(16).putLong(5).putLong(-1))) {
      assertThatThrownBy(() -> file.longs("x"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("18446744073709551615");
    }
  }

  @Test
  void readingATensorAsTheWrongKindIsRefused() {
    try (SafetensorsFile file = openOne(DType.I64, elements(8))) {
      assertThatThrownBy(() -> file.floats("x"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("\"x\" is of type I64");
      assertThatThrownBy(() -> file.doubles("x")).isInstanceOf(InputException.class);
    }
    try (SafetensorsFile file = openOne(DType.F4, elements(8))) {
      assertThatThrownBy(() -> file.floats("x"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("\"x\" is of type F4");
      assertThatThrownBy(() -> file.longs("x"))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("integer type");
    }
  }

  @Test
  void theMappedBytesCannotBeWrittenAndEndWithTheFile() {
    SafetensorsFile file = openOne(DType.U8, elements(4).put((byte) 9));
    MemorySegment bytes = file.bytes("x");
    assertThat(bytes.isReadOnly()).isTrue();
    assertThat(bytes.isMapped()).isTrue();
    assertThat(bytes.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 9);
    file.close();
    file.close();
    assertThatThrownBy(() -> bytes.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void escapedTextIsRead() throws IOException {
    String header =
        """
        {"\\ud83d\\ude00\\u00E4\\/\\n":{"dtype":"U8","shape":[],"data_offsets":[0,1]},\
        "__metadata__":{"\\ud83d\\ude00":"\\ud83d\\ude00\\u0000"}}\
        """;
    try (SafetensorsFile file = openRaw(RawFile.of(header, 1))) {
      assertThat(file.tensors()).containsOnlyKeys("\uD83D\uDE00\u00e4/\n");
      assertThat(file.metadata()).containsExactly(Map.entry("\uD83D\uDE00", "\uD83D\uDE00\0"));
    }
  }

  @Test
  void veryLongNamesAndMetadataAreRead() throws IOException {
    String name = "n".repeat(100_000);
    String value = "\u00e4".repeat(1_000_000);
    Path path = folder.resolve("long.safetensors");
    SafetensorsWriter.write(
        path, List.of(TensorData.ofFloats(name, new long[0], new float[] {3})), Map.of("v", value));
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.floats(name)).containsExactly(3);
      assertThat(file.metadata()).containsEntry("v", value);
    }
  }
}
