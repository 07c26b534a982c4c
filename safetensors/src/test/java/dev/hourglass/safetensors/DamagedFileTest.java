package dev.hourglass.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.core.InputException;
import dev.hourglass.core.random.RandomStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of small damages to a good file. */
class DamagedFileTest {

  private static final int DAMAGES = 20_000;
  private static final byte[] JSON_BYTES =
      "{}[]\",:0123456789-.eE\\u tfn__metadata__".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  @Test
  void aDamagedFileIsReadOrRefusedAndNothingElse() throws IOException {
    Path file = folder.resolve("x.safetensors");
    SafetensorsWriter.write(
        file,
        List.of(
            TensorData.ofFloats("layer.0.weight", new long[] {3, 2}, new float[6]),
            TensorData.ofFloats("\u00e4\uD83D\uDE00", new long[0], new float[1]),
            TensorData.of("n", DType.I64, new long[] {1}, MemorySegment.ofArray(new long[1])),
            TensorData.of("f8", DType.F8_E4M3, new long[] {4}, MemorySegment.ofArray(new byte[4])),
            TensorData.of("f4", DType.F4, new long[] {4}, MemorySegment.ofArray(new byte[2])),
            TensorData.of(
                "none", DType.BOOL, new long[] {2, 0}, MemorySegment.ofArray(new byte[0]))),
        Map.of("config", "{\"depths\": [1, 2]}", "step", "10"));
    byte[] good = Files.readAllBytes(file);
    int read = 0;
    int refused = 0;
    for (int i = 0; i < DAMAGES; i++) {
      Files.write(file, damage(good, RandomStream.of(7, i)));
      try (SafetensorsFile opened = SafetensorsFile.open(file)) {
        readAll(opened);
        read++;
      } catch (InputException e) {
        assertThat(e.getMessage())
            .as("damage %d", i)
            .contains(file.toString())
            .doesNotContain("\n");
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("damage " + i, e);
      }
    }
    assertThat(read).isGreaterThan(DAMAGES / 100);
    assertThat(refused).isGreaterThan(DAMAGES / 2);
  }

  private static void readAll(SafetensorsFile file) {
    for (TensorInfo tensor : file.tensors().values()) {
      String name = tensor.name();
      int elements =
          switch (tensor.dtype()) {
            case I64, I32, I16, I8, U32, U16, U8, BOOL -> file.longs(name).length;
            case C64, U64, F6_E3M2, F6_E2M3, F4 -> (int) tensor.elements();
            default -> file.floats(name).length;
          };
      assertThat((long) elements * tensor.dtype().bits())
          .isEqualTo(8 * file.bytes(name).byteSize());
    }
  }

  /** One to three flips, insertions, deletions, overwritten bytes or cuts. */
  private static byte[] damage(byte[] good, RandomStream random) {
    byte[] content = good.clone();
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times && content.length > 0; i++) {
      int at = random.nextInt(content.length);
      content =
          switch (random.nextInt(12)) {
            case 0, 1, 2 -> replaced(content, at, (byte) (content[at] ^ 1 << random.nextInt(8)));
            case 3, 4, 5, 6 -> replaced(content, at, jsonByte(random));
            case 7 -> inserted(content, at, (byte) random.nextInt(256));
            case 8 -> inserted(content, at, jsonByte(random));
            case 9 -> spliced(content, at, new byte[0], at + 1);
            case 10 -> replaced(content, random.nextInt(8), (byte) random.nextInt(256));
            default -> Arrays.copyOf(content, at);
          };
    }
    return content;
  }

  private static byte jsonByte(RandomStream random) {
    return JSON_BYTES[random.nextInt(JSON_BYTES.length)];
  }

  /** Keeps the file's length, and so gets past the first checks more often than an insertion. */
  private static byte[] replaced(byte[] content, int at, byte value) {
    return at < content.length
        ? spliced(content, at, new byte[] {value}, at + 1)
        : inserted(content, content.length, value);
  }

  /** Also makes the header longer by one, as an editor would. */
  private static byte[] inserted(byte[] content, int at, byte value) {
    byte[] longer = spliced(content, at, new byte[] {value}, at);
    if (at >= 8) {
      longer[0]++;
    }
    return longer;
  }

  private static byte[] spliced(byte[] content, int from, byte[] between, int to) {
    byte[] result = new byte[from + between.length + content.length - to];
    System.arraycopy(content, 0, result, 0, from);
    System.arraycopy(between, 0, result, from, between.length);
    System.arraycopy(content, to, result, from + between.length, content.length - to);
    return result;
  }
}
