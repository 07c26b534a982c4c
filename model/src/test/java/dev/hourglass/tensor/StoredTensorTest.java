package dev.hourglass.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hourglass.core.InputException;
import dev.hourglass.safetensors.DType;
import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.safetensors.SafetensorsWriter;
import dev.hourglass.safetensors.TensorData;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoredTensorTest {

  @TempDir Path folder;

  private SafetensorsFile file(DType dtype, int elements, byte[] bytes) {
    Path path = folder.resolve("one.safetensors");
    TensorData data =
        TensorData.of("x", dtype, new long[] {elements}, MemorySegment.ofArray(bytes));
    SafetensorsWriter.write(path, List.of(data), Map.of());
    return SafetensorsFile.open(path);
  }

  /** Two implementations of the tables: libtorch's and ours. */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.MATCH_ANY,
      names = {"F8_.*"})
  void everyEightBitFloatIsWhatLibtorchSays(DType dtype) {
    byte[] codes = new byte[256];
    for (int code = 0; code < codes.length; code++) {
      codes[code] = (byte) code;
    }
    try (SafetensorsFile file = file(dtype, codes.length, codes)) {
      Scope.run(
          () ->
              assertThat(file.floats("x"))
                  .containsExactly(
                      Tensors.toFloats(
                          Tensors.ofBytes(MemorySegment.ofArray(codes), dtype, codes.length))));
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "F64",
        "F32",
        "F16",
        "BF16",
        "F8_E4M3",
        "F8_E5M2",
        "F8_E4M3FNUZ",
        "F8_E5M2FNUZ",
        "F8_E8M0"
      })
  void whatIsNoFloatIsRefusedByItsType(DType dtype) {
    try (SafetensorsFile file = file(dtype, 8, new byte[dtype.bits()])) {
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(
              () -> Scope.run(() -> StoredTensor.read(file, "x", List.of(8L), ScalarType.Float)))
          .withMessageContaining("tensor x is of type " + dtype);
    }
  }

  @Test
  void eightBitNumbersThatAreNoneAreCounted() {
    try (SafetensorsFile file = file(DType.F8_E4M3, 4, new byte[] {0x7f, 0x38, (byte) 0xff, 0})) {
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(
              () -> Scope.run(() -> StoredTensor.read(file, "x", List.of(4L), ScalarType.Float)))
          .withMessageContaining("2 of the 4 numbers of tensor x are NaN or infinite");
    }
  }
}
