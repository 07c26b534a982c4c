package dev.hourglass.config;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.FileKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The text of a config file, or of another in its form; it is read once, so that a pipe will do.
 */
public final class ConfigFile {

  /** Far above any config; keeps a mistaken path from filling the memory. */
  private static final int MAX_BYTES = 16 << 20;

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private ConfigFile() {}

  static String read(Path file) {
    return read(file, "config");
  }

  /**
   * The text of a JSON file that a person wrote.
   *
   * @param what it is called in errors: "config", "study"
   * @throws InputException if the file cannot be read or is of another kind, such as a checkpoint
   */
  public static String read(Path file, String what) {
    if (Files.isDirectory(file)) {
      throw refusal(FileKind.FOLDER, file, what);
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(FileKind.START_BYTES);
      FileKind kind = FileKind.ofStart(start);
      if (!kind.isText()) {
        throw refusal(kind, file, what);
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.write(start);
      bytes.write(in.readNBytes(MAX_BYTES));
      if (bytes.size() > MAX_BYTES) {
        throw new InputException(
            "%s has more than %d MiB, far too much for a %s; give another file."
                .formatted(file, MAX_BYTES >> 20, what));
      }
      return text(bytes.toByteArray());
    } catch (NoSuchFileException e) {
      throw new InputException(
          "Cannot read the %s %s: there is no such file; check the path.".formatted(what, file), e);
    } catch (CharacterCodingException e) {
      throw new InputException(
          "Cannot read the %s %s: it is not UTF-8 text; save it as UTF-8.".formatted(what, file),
          e);
    } catch (IOException e) {
      throw new InputException(
          "Cannot read the %s %s: %s; give a readable JSON file."
              .formatted(what, file, e.getMessage()),
          e);
    }
  }

  private static InputException refusal(FileKind kind, Path file, String what) {
    String wanted = "a " + what + " file";
    return switch (kind) {
      case SAFETENSORS, TORCH, SHARD_INDEX ->
          kind.refusal(file, wanted, "give the JSON file that the model was trained from");
      default -> kind.refusal(file, wanted, "give a JSON file");
    };
  }

  private static String text(byte[] bytes) throws CharacterCodingException {
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
  }
}
