package dev.hourglass.torchfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hourglass.core.InputException;
import dev.hourglass.safetensors.DType;
import dev.hourglass.safetensors.TensorData;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files pickled by Python, see {@code src/test/python/torch_save.py}. */
class TorchFileTest {

  private static Path resource(String name) {
    try {
      return Path.of(TorchFileTest.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The numbers that the script writes under a name. */
  private static float value(String name, int index) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    return ((crc.getValue() + 7919L * index) % 200 + 1) / 1024f;
  }

  private static void holdsValues(TensorData tensor, DType dtype, long... shape) {
    assertThat(tensor.dtype()).isEqualTo(dtype);
    assertThat(tensor.dimensions()).containsExactly(shape);
    float[] values = tensor.floats();
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).as("%s %d", tensor.name(), i).isEqualTo(value(tensor.name(), i));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void tensorsOfEveryKindAreRead(int protocol) {
    try (TorchFile file = TorchFile.open(resource("kinds-protocol%d.pth".formatted(protocol)))) {
      holdsValues(file.read("f64"), DType.F64, 2, 3);
      holdsValues(file.read("f16"), DType.F16, 5);
      holdsValues(file.read("bf16"), DType.BF16, 5);
      assertThat(file.read("i64").dtype()).isEqualTo(DType.I64);
      assertThat(file.read("i64").bytes().get(ValueLayout.JAVA_LONG_UNALIGNED, 16))
          .isEqualTo(1L << 62);
      assertThat(file.read("u8").bytes().toArray(ValueLayout.JAVA_BYTE)).containsExactly(7, -1);
      assertThat(file.read("bool").dtype()).isEqualTo(DType.BOOL);
      assertThat(file.read("f8").dtype()).isEqualTo(DType.F8_E5M2);
      assertThat(file.read("f8").floats()).containsExactly(1, -1, 0);
    }
  }

  @Test
  void viewsOfOneStorageAreReadInRowMajorOrder() {
    try (TorchFile file = TorchFile.open(resource("kinds-protocol2.pth"))) {
      assertThat(file.read("whole").floats()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
      assertThat(file.read("row").floats()).containsExactly(4, 5, 6, 7);
      assertThat(file.read("transposed").floats())
          .containsExactly(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11);
      assertThat(file.read("every_second").floats()).containsExactly(1, 3, 7, 9);
      assertThat(file.read("scalar").floats()).containsExactly(11);
      assertThat(file.read("scalar").shape()).isEmpty();
      assertThat(file.read("empty").dimensions()).containsExactly(0, 3);
      assertThat(file.read("empty").floats()).isEmpty();
      assertThat(file.read("parameter").dimensions()).containsExactly(1, 12);
      assertThat(file.read("whole").bytes().isMapped()).isTrue();
    }
  }

  @Test
  void plainValuesAreMetadataAndTheRestIsLeftOut() {
    try (TorchFile file = TorchFile.open(resource("kinds-protocol4.pth"))) {
      assertThat(file.metadata())
          .containsEntry(
              "numbers",
              "[1,-1,300,70000,1099511627776,1180591620717411303424,0.5,true,null,[1,\"zwei"
                  + " \u00e4\"]]")
          .containsEntry("size", "[2,3]")
          .containsEntry("device", "cuda")
          .containsEntry("text", "by itself")
          .doesNotContainKey("nested");
      assertThat(file.names()).doesNotContain("nested", "nested.deeper", "nested.deeper.tensor");
    }
  }

  @Test
  void aStateDictHasItsOwnNames() {
    try (TorchFile file = TorchFile.open(resource("state-dict.pth"))) {
      assertThat(file.names()).containsExactly("a.weight", "a.bias");
      holdsValues(file.read("a.weight"), DType.F32, 2, 2);
      assertThat(file.metadata()).isEmpty();
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(() -> file.read("a.wieght"))
          .withMessageContaining("did you mean \"a.weight\"?");
    }
  }

  @Test
  void numbersOfBigEndianMachinesAreRefused() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> TorchFile.open(resource("big-endian.pth")))
        .withMessageContaining("big-endian");
  }
}
