package dev.hourglass.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file written by the reference implementation; the expected numbers were read with NumPy. */
class ReferenceFileTest {

  private SafetensorsFile file;

  @BeforeEach
  void open() throws URISyntaxException {
    file =
        SafetensorsFile.open(
            Path.of(ReferenceFileTest.class.getResource("model.safetensors").toURI()));
  }

  @AfterEach
  void close() {
    file.close();
  }

  @Test
  void namesTypesAndShapesAreRead() {
    assertThat(file.tensors()).hasSize(52);
    assertThat(List.copyOf(file.tensors().keySet())).isSorted().startsWith("aug_emb.weight");
    assertThat(file.tensors().values()).extracting(TensorInfo::dtype).containsOnly(DType.F32);
    assertThat(file.tensor("splits.0.fac"))
        .isEqualTo(new TensorInfo("splits.0.fac", DType.F32, List.of(1L), 427932, 427936));
    assertThat(file.tensor("mid_level.0.self_attn.qkv_proj.weight").dimensions())
        .containsExactly(144, 48);
    assertThat(file.tensor("up_levels.1.0.self_attn.scale").end()).isEqualTo(547868);
  }

  @Test
  void metadataIsRead() {
    assertThat(file.metadata()).containsOnlyKeys("config");
    assertThat(file.metadata().get("config"))
        .startsWith("{\"model\": {\"type\": \"image_transformer_v2\", \"input_channels\": 1, ")
        .endsWith("\"max_value\": 0.9999}}");
  }

  @Test
  void valuesAreRead() {
    assertThat(file.floats("aug_emb.weight"))
        .hasSize(216)
        .startsWith(1.2618756f, 0.3587624f, 1.55414f, 0.6291883f)
        .endsWith(-0.16592947f);
    assertThat(file.floats("splits.0.fac")).containsExactly(0.7476669f);
    assertThat(file.floats("down_levels.1.0.self_attn.pos_emb.freqs"))
        .containsExactly(3.1415925f, 9.934588f, 5.5866294f, 17.666475f);
    assertThat(file.floats("up_levels.1.0.self_attn.scale"))
        .containsExactly(15.021534f, 12.313379f);
    assertThat(Arrays.stream(file.doubles("mid_level.0.self_attn.qkv_proj.weight")).sum())
        .isCloseTo(-5.003917779880794, within(1e-9));
  }

  @Test
  void writingItAgainGivesTheSameBytes(@TempDir Path folder) throws IOException {
    List<TensorData> tensors =
        file.tensors().values().stream()
            .map(t -> new TensorData(t.name(), t.dtype(), t.shape(), file.bytes(t.name())))
            .toList()
            .reversed();
    Path copy = folder.resolve("copy.safetensors");
    SafetensorsWriter.write(copy, tensors, Map.copyOf(file.metadata()));
    assertThat(Files.mismatch(copy, file.path())).isEqualTo(-1);
  }
}
