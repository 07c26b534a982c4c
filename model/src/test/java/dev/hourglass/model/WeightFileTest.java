package dev.hourglass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hourglass.core.InputException;
import dev.hourglass.safetensors.TensorData;
import dev.hourglass.safetensors.TensorFile;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.pytorch.ByteVector;
import org.bytedeco.pytorch.GenericDict;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightFileTest {

  @TempDir Path folder;

  /**
   * A file in the form of {@code torch.save}, see {@code torch_save.py} of the module torchfile.
   */
  @Test
  void libtorchsReaderOfPyTorchFilesSeesTheSameTensors() throws IOException, URISyntaxException {
    Path path = Path.of(WeightFileTest.class.getResource("plain.pth").toURI());
    byte[] content = Files.readAllBytes(path);
    try (TensorFile file = WeightFile.open(path)) {
      assertThat(file.names()).hasSize(7);
      Scope.run(
          () -> {
            GenericDict libtorch = torch.pickle_load(new ByteVector(content)).toGenericDict();
            assertThat(libtorch.size()).isEqualTo(file.names().size());
            for (String name : file.names()) {
              Tensor expected = libtorch.at(new IValue(name)).toTensor();
              TensorData read = file.read(name);
              assertThat(read.dimensions()).isEqualTo(Tensors.shape(expected));
              assertThat(read.dtype()).isEqualTo(Tensors.dtype(expected));
              assertThat(read.floats()).as(name).isEqualTo(Tensors.toFloats(expected));
            }
          });
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          \\x80\\x04\\x95                           | is a Python pickle, not a checkpoint; give a safetensors
          \\x80\\x02\\x8a\\x0al\\xfc\\x9cF\\xf9 j\\xa8P\\x19. | of the form before PyTorch 1.6, not a checkpoint; let PyTorch
          PK\\x03\\x04word/document.xml             | is a zip archive, not a checkpoint
          \\x93NUMPY                               | is a NumPy array, not a checkpoint
          \\x1f\\x8b                               | is a gzip archive, not a checkpoint
          \\x01\\x02\\x03                          | is a file of no kind that is known here, not a checkpoint
          """)
  void whatIsNoCheckpointIsNamed(String escaped, String sentencePart) throws IOException {
    Path file = folder.resolve("model.safetensors");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < escaped.length(); i++) {
      if (escaped.startsWith("\\x", i)) {
        text.append((char) Integer.parseInt(escaped.substring(i + 2, i + 4), 16));
        i += 3;
      } else {
        text.append(escaped.charAt(i));
      }
    }
    Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> WeightFile.open(file).close())
        .withMessageContaining(file.toString())
        .withMessageContaining(sentencePart);
  }
}
