package dev.hourglass.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.core.random.RandomStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

class RoundTripTest {

  private Path folder;
  private Path file;

  @BeforeProperty
  void makeFolder() throws IOException {
    folder = Files.createTempDirectory("round-trip");
    file = folder.resolve("x.safetensors");
  }

  @AfterProperty
  void deleteFolder() throws IOException {
    Files.deleteIfExists(file);
    Files.delete(folder);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void whatIsWrittenIsRead(
      @ForAll("tensors") List<TensorData> tensors, @ForAll("metadata") Map<String, String> metadata)
      throws IOException {
    SafetensorsWriter.write(file, tensors, metadata);
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertThat(read.metadata()).isEqualTo(metadata);
      assertThat(read.tensors()).hasSize(tensors.size());
      for (TensorData tensor : tensors) {
        TensorInfo info = read.tensor(tensor.name());
        assertThat(info.dtype()).isEqualTo(tensor.dtype());
        assertThat(info.shape()).isEqualTo(tensor.shape());
        assertThat(info.byteSize()).isEqualTo(info.elements() * info.dtype().bits() / 8);
        assertThat(read.bytes(tensor.name()).mismatch(tensor.bytes())).isEqualTo(-1);
      }
    }
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void theOrderOfTheTensorsDoesNotChangeTheFile(
      @ForAll("tensors") List<TensorData> tensors,
      @ForAll("metadata") Map<String, String> metadata,
      @ForAll long seed)
      throws IOException {
    SafetensorsWriter.write(file, tensors, metadata);
    byte[] first = Files.readAllBytes(file);
    List<TensorData> shuffled = new ArrayList<>(tensors);
    Collections.shuffle(shuffled, new Random(seed));
    SafetensorsWriter.write(file, shuffled, metadata);
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
  }

  @Provide
  Arbitrary<List<TensorData>> tensors() {
    return Combinators.combine(
            text(),
            Arbitraries.of(DType.values()),
            Arbitraries.longs().between(0, 4).array(long[].class).ofMaxSize(5),
            Arbitraries.longs())
        .as(RoundTripTest::tensor)
        .list()
        .uniqueElements(TensorData::name)
        .ofMaxSize(8);
  }

  @Provide
  Arbitrary<Map<String, String>> metadata() {
    return Arbitraries.maps(text(), text()).ofMaxSize(5);
  }

  /** Any text that UTF-8 can hold, the empty one and control characters included. */
  private static Arbitrary<String> text() {
    Arbitrary<String> any =
        Arbitraries.integers()
            .between(0, 0x10FFFF)
            .filter(point -> point < 0xD800 || point > 0xDFFF)
            .map(Character::toString)
            .list()
            .ofMaxSize(12)
            .map(points -> String.join("", points));
    Arbitrary<String> usual = Arbitraries.strings().ascii().ofMaxLength(30);
    return Arbitraries.oneOf(any, usual);
  }

  private static TensorData tensor(String name, DType dtype, long[] dimensions, long seed) {
    // Packed elements must fill whole bytes.
    long[] shape =
        dtype.bits() % 8 == 0 ? dimensions : Arrays.copyOf(dimensions, dimensions.length + 1);
    if (shape.length > dimensions.length) {
      shape[dimensions.length] = 4;
    }
    long bits = dtype.bits();
    for (long dimension : shape) {
      bits *= dimension;
    }
    RandomStream random = RandomStream.of(seed);
    byte[] bytes = new byte[(int) (bits / 8)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) random.nextInt(256);
    }
    return TensorData.of(name, dtype, shape, MemorySegment.ofArray(bytes));
  }
}
