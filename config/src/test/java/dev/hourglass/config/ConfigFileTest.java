package dev.hourglass.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hourglass.core.InputException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
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

  private Path write(String text, Charset charset) throws IOException {
    return Files.write(folder.resolve("a.json"), text.getBytes(charset));
  }

  private void isRefused(Path file, String message) {
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Config.load(file))
        .withMessage("%s" + message, file);
  }

  @Test
  void commentsAndTrailingCommasAreRead() throws IOException {
    String commented =
        "// for the big machine\n/* of\n two lines */ # and so\n"
            + TestConfigs.MINIMAL.replaceFirst("\\{", "{ // the model\n").stripTrailing()
            + " // the end\n";
    Path file = write(commented.replaceFirst("}(?=[^}]*$)", ",}"), StandardCharsets.UTF_8);
    assertThat(Config.load(file)).isEqualTo(TestConfigs.parse());
  }

  @Test
  void aByteOrderMarkIsSkipped() throws IOException {
    assertThat(Config.load(write("\uFEFF" + TestConfigs.MINIMAL, StandardCharsets.UTF_8)))
        .isEqualTo(TestConfigs.parse());
  }

  @Test
  void positionsInMessagesCountCommentsToo() throws IOException {
    isRefused(
        write("// one\n/* two\n*/ {\"model\": NaN}", StandardCharsets.UTF_8),
        ": line 3, column 17: this is not valid JSON (Non-standard token 'NaN'); correct it.");
    isRefused(
        write("// one\n{\"model\": 1,\n \"model\": 2}", StandardCharsets.UTF_8),
        ": line 3, column 9: the key \"model\" appears twice; keep one of them.");
  }

  @Test
  void textThatIsNoObjectIsReported() throws IOException {
    String advice =
        "; write one JSON object with the keys model, dataset, optimizer, lr_sched and ema_sched.";
    isRefused(write("null", StandardCharsets.UTF_8), ": The text is null" + advice);
    isRefused(write("[1, 2]", StandardCharsets.UTF_8), ": The text is [1, 2]" + advice);
    isRefused(
        write("// nothing\n", StandardCharsets.UTF_8),
        ": The text is empty; write a config in JSON.");
  }

  @Test
  void otherEncodingsAreReported() throws IOException {
    isRefused(
        write("{}", StandardCharsets.UTF_16),
        " is text in UTF-16, not a config file; save it as UTF-8.");
    Path latin = write("{\"\u00e4\": 1}", StandardCharsets.ISO_8859_1);
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> Config.load(latin))
        .withMessage("Cannot read the config %s: it is not UTF-8 text; save it as UTF-8.", latin);
  }

  @Test
  void filesOfOtherKindsAreNamed() throws IOException {
    isRefused(folder, " is a folder, not a config file; give a JSON file.");
    isRefused(
        write("\u0089PNG\r\n", StandardCharsets.ISO_8859_1),
        " is an image, not a config file; give a JSON file.");
    isRefused(
        write("\2\0\0\0\0\0\0\0{}", StandardCharsets.ISO_8859_1),
        " is a safetensors checkpoint, not a config file; give the JSON file that the model was"
            + " trained from.");
    isRefused(
        write("{\"weight_map\": {}}", StandardCharsets.UTF_8),
        " is the index of a model in parts, not a config file; give the JSON file that the model"
            + " was trained from.");
    isRefused(
        write("", StandardCharsets.UTF_8),
        " is an empty file, not a config file; copy or download it again.");
  }

  @Test
  void textFarTooLongForAConfigIsReported() throws IOException {
    isRefused(
        write("{" + " ".repeat(17 << 20), StandardCharsets.UTF_8),
        " has more than 16 MiB, far too much for a config; give another file.");
  }
}
