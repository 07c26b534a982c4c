package dev.hourglass.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hourglass.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {

  @TempDir private Path folder;

  @Test
  void aFileLoadsAsItsText() throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), TestConfigs.MINIMAL);
    assertThat(Config.load(file)).isEqualTo(TestConfigs.parse());
  }

  @Test
  void errorsNameTheFile() throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), "{}");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Config.load(file))
        .withMessage("%s: model is missing; add it.", file);
  }

  @Test
  void aMissingFileIsReported() {
    Path file = folder.resolve("none.json");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Config.load(file))
        .withMessage("Cannot read the config %s: there is no such file; check the path.", file);
  }

  @Test
  void aBinaryFileIsReported() throws IOException {
    Path file = Files.write(folder.resolve("a.json"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Config.load(file))
        .withMessage("Cannot read the config %s: it is not UTF-8 text; give a JSON file.", file);
  }

  @Test
  void aFolderIsReported() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Config.load(folder))
        .withMessageStartingWith("Cannot read the config " + folder)
        .withMessageEndingWith("; give a readable JSON file.");
  }

  @Test
  void aCheckpointIsNotAConfigFile() {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Config.load(Path.of("model.safetensors")))
        .withMessage(
            "model.safetensors is a checkpoint, not a config file; give the JSON file it was"
                + " trained from.");
  }
}
