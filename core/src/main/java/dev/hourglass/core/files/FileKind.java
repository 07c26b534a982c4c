package dev.hourglass.core.files;

import dev.hourglass.core.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a file that is given as a config or a checkpoint is, told from its first bytes: a name's
 * ending says what somebody meant it to be. The description completes "this is ...".
 */
public enum FileKind {
  FOLDER("a folder"),
  /** A pipe or a device: its content can be read once only, so nothing is told of it. */
  SPECIAL("a special file"),
  EMPTY("an empty file", "copy or download it again"),
  /** Text that begins with an object, comments before it included. */
  JSON("a JSON file"),
  /** {@code model.safetensors.index.json}: which part of a model holds which tensor. */
  SHARD_INDEX("the index of a model in parts"),
  /** Other text: perhaps JSON with a mistake at its beginning. */
  TEXT("a text file"),
  UTF_16("text in UTF-16", "save it as UTF-8"),
  SAFETENSORS("a safetensors checkpoint"),
  /** What {@code torch.save} writes: a zip archive with a pickle in it. */
  TORCH("a PyTorch checkpoint"),
  /** What {@code torch.save} wrote before PyTorch 1.6. */
  OLD_TORCH(
      "a PyTorch file of the form before PyTorch 1.6",
      "let PyTorch load it and write it again with torch.save"),
  PICKLE("a Python pickle"),
  ZIP("a zip archive"),
  TAR("a tar archive"),
  GZIP("a gzip archive"),
  NUMPY("a NumPy array"),
  IMAGE("an image"),
  WEB_PAGE("a web page", "download the file itself, not the page about it"),
  /** What a clone without Git LFS has in the place of a large file. */
  LFS_POINTER("a Git LFS pointer", "fetch the file that it stands for with: git lfs pull"),
  UNKNOWN("a file of no kind that is known here");

  /** How much of a file {@link #ofStart} wants to see. */
  public static final int START_BYTES = 1 << 16;

  private static final int MAX_SAFETENSORS_HEADER = 100_000_000;
  private static final int TAR_MAGIC_OFFSET = 257;

  /** How the number 0x1950a86a20f9469cfc6c stands in a pickle: every old PyTorch file's first. */
  private static final byte[] OLD_TORCH_MAGIC = {
    (byte) 0x8a,
    10,
    0x6c,
    (byte) 0xfc,
    (byte) 0x9c,
    0x46,
    (byte) 0xf9,
    0x20,
    0x6a,
    (byte) 0xa8,
    0x50,
    0x19
  };

  private final String description;
  private final String advice;

  FileKind(String description) {
    this(description, "");
  }

  FileKind(String description, String advice) {
    this.description = description;
    this.advice = advice;
  }

  /**
   * Looks at a file or folder.
   *
   * @throws InputException if there is none, or it cannot be read
   */
  public static FileKind of(Path file) {
    if (Files.isDirectory(file)) {
      return FOLDER;
    }
    if (!Files.exists(file)) {
      throw new InputException("There is no file %s; check the path.".formatted(file));
    }
    if (!Files.isRegularFile(file)) {
      return SPECIAL;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return ofStart(in.readNBytes(START_BYTES));
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    }
  }

  /**
   * The kind of a file that begins with these bytes.
   *
   * @param start the first {@link #START_BYTES}, or all there are
   */
  public static FileKind ofStart(byte[] start) {
    if (start.length == 0) {
      return EMPTY;
    }
    if (isSafetensors(start)) {
      return SAFETENSORS;
    }
    // Every byte as one character, so that text and binary forms are told alike.
    String text = new String(start, StandardCharsets.ISO_8859_1);
    if (text.startsWith("PK\3\4")) {
      return text.contains("/data.pkl") ? TORCH : ZIP;
    }
    if (text.startsWith("\u0080") && start.length > 1 && start[1] >= 2 && start[1] <= 5) {
      return text.startsWith(new String(OLD_TORCH_MAGIC, StandardCharsets.ISO_8859_1), 2)
          ? OLD_TORCH
          : PICKLE;
    }
    if (text.startsWith("\u001f\u008b")) {
      return GZIP;
    }
    if (text.startsWith("ustar", TAR_MAGIC_OFFSET)) {
      return TAR;
    }
    if (text.startsWith("\u0093NUMPY")) {
      return NUMPY;
    }
    return isImage(text) ? IMAGE : ofText(text);
  }

  private static boolean isSafetensors(byte[] start) {
    if (start.length <= Long.BYTES || start[Long.BYTES] != '{') {
      return false;
    }
    long header = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return header > 0 && header <= MAX_SAFETENSORS_HEADER;
  }

  private static boolean isImage(String text) {
    return text.startsWith("\u0089PNG")
        || text.startsWith("\u00ff\u00d8\u00ff")
        || text.startsWith("GIF8")
        || text.startsWith("II*\0")
        || text.startsWith("MM\0*")
        || (text.startsWith("RIFF") && text.startsWith("WEBP", 8))
        || text.startsWith("ftypavif", 4)
        || (text.startsWith("BM") && text.startsWith("\0\0\0\0", 6));
  }

  private static FileKind ofText(String text) {
    boolean marked = text.startsWith("\u00ff\u00fe") || text.startsWith("\u00fe\u00ff");
    if (marked || text.startsWith("{\0") || text.startsWith("\0{")) {
      return UTF_16;
    }
    if (text.chars().anyMatch(c -> c < ' ' && !Character.isWhitespace(c))) {
      return UNKNOWN;
    }
    String content = withoutMark(text).stripLeading();
    if (content.startsWith("version https://git-lfs")) {
      return LFS_POINTER;
    }
    String beginning =
        content.substring(0, Math.min(content.length(), 14)).toLowerCase(Locale.ROOT);
    if (beginning.equals("<!doctype html") || beginning.startsWith("<html")) {
      return WEB_PAGE;
    }
    if (!content.startsWith("{", endOfComments(content))) {
      return TEXT;
    }
    return content.contains("\"weight_map\"") ? SHARD_INDEX : JSON;
  }

  /** Without the byte-order mark of UTF-8. */
  private static String withoutMark(String text) {
    return text.startsWith("\u00ef\u00bb\u00bf") ? text.substring(3) : text;
  }

  /** Where the first character stands that is neither blank nor part of a comment. */
  private static int endOfComments(String text) {
    int at = 0;
    while (at >= 0 && at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
      } else if (text.startsWith("//", at) || text.startsWith("#", at)) {
        at = text.indexOf('\n', at);
      } else if (text.startsWith("/*", at)) {
        int end = text.indexOf("*/", at + 2);
        at = end < 0 ? end : end + 2;
      } else {
        return at;
      }
    }
    return text.length();
  }

  /** Whether to look for a config in it: text, whatever its first character is. */
  public boolean isText() {
    return switch (this) {
      case JSON, TEXT -> true;
      default -> false;
    };
  }

  /** What to call it: "a web page". */
  public String description() {
    return description;
  }

  /**
   * The refusal of a file that should have been something else.
   *
   * @param wanted "a checkpoint", say
   * @param instead what to do, unless the kind itself suggests better
   */
  public InputException refusal(Path file, String wanted, String instead) {
    return new InputException(
        "%s is %s, not %s; %s."
            .formatted(file, description, wanted, advice.isEmpty() ? instead : advice));
  }
}
