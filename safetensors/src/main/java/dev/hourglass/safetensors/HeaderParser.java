package dev.hourglass.safetensors;

import dev.hourglass.core.InputException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.util.ByteBufferBackedInputStream;

/**
 * Reads the JSON of a header token by token. Nothing is built that the format does not know, and
 * nothing recurses, so that a hostile header costs no more than its own size.
 */
final class HeaderParser {

  /** The limit of the reference implementation, in bytes. */
  static final int MAX_HEADER_BYTES = 100_000_000;

  /**
   * Tensors and metadata entries together: far above any real file; bounds the memory that the
   * smallest possible entries can take.
   */
  static final int MAX_ENTRIES = 1_000_000;

  /** The longest piece of the header that a message repeats. */
  private static final int MAX_QUOTED = 40;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          // A table of the names seen would only help if files shared them.
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNameLength(MAX_HEADER_BYTES)
                  .maxStringLength(MAX_HEADER_BYTES)
                  .build())
          .build();

  private final Path file;
  private final JsonParser parser;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final List<TensorInfo> tensors = new ArrayList<>();
  private int entries;

  private HeaderParser(Path file, JsonParser parser) {
    this.file = file;
    this.parser = parser;
  }

  /**
   * Reads and checks a header.
   *
   * @param file only for messages
   * @param json the header without its length
   * @param dataBytes the number of bytes that follow it
   */
  static Header parse(Path file, ByteBuffer json, long dataBytes) {
    // Java's decoder is stricter than Jackson's: no overlong forms, no encoded surrogates.
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    Reader text = new InputStreamReader(new ByteBufferBackedInputStream(json), decoder);
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
      HeaderParser header = new HeaderParser(file, parser);
      header.parseRoot();
      return Header.of(file, header.metadata, header.tensors, dataBytes);
    } catch (JacksonException e) {
      throw notJson(file, e);
    }
  }

  private static InputException notJson(Path file, JacksonException e) {
    if (e.getCause() instanceof CharacterCodingException) {
      return new InputException(
          "%s is damaged: its header is not valid UTF-8; copy or download it again."
              .formatted(file),
          e);
    }
    long at = e.getLocation() == null ? -1 : e.getLocation().getCharOffset();
    String where = at < 0 ? "" : " at character %d".formatted(at);
    return new InputException(
        "%s is damaged: its header is not valid JSON%s; copy or download it again."
            .formatted(file, where),
        e);
  }

  private void parseRoot() {
    expect(parser.nextToken(), JsonToken.START_OBJECT, "the header", "an object");
    Set<String> names = new HashSet<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      if (!names.add(name)) {
        throw invalid("the header describes %s twice".formatted(TensorNames.quote(name)));
      }
      if (name.equals(TensorChecks.METADATA_KEY)) {
        parseMetadata();
      } else {
        countEntry();
        tensors.add(parseTensor(name));
      }
    }
    if (parser.nextToken() != null) {
      throw invalid("something other than spaces follows the JSON of the header");
    }
  }

  private void parseMetadata() {
    String what = TensorChecks.METADATA_KEY;
    expect(parser.nextToken(), JsonToken.START_OBJECT, what, "an object of strings");
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      countEntry();
      String key = parser.currentName();
      String entry = "the metadata entry " + TensorNames.quote(key);
      expect(parser.nextToken(), JsonToken.VALUE_STRING, entry, "a string");
      String value = parser.getString();
      // Jackson refuses such keys itself.
      if (!TensorChecks.isUnicode(value)) {
        throw invalid("%s has half a surrogate pair, which is no Unicode text".formatted(entry));
      }
      if (metadata.put(key, value) != null) {
        throw invalid("%s is there twice".formatted(entry));
      }
    }
  }

  private TensorInfo parseTensor(String name) {
    String tensor = "tensor " + TensorNames.quote(name);
    expect(parser.nextToken(), JsonToken.START_OBJECT, tensor, "an object");
    DType dtype = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    Set<String> keys = new HashSet<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = parser.currentName();
      if (!keys.add(key)) {
        throw invalid("%s has the key %s twice".formatted(tensor, TensorNames.quote(key)));
      }
      switch (key) {
        case "dtype" -> dtype = parseDType(tensor);
        case "shape" -> shape = parseNumbers(tensor, key, TensorChecks.MAX_DIMENSIONS);
        case "data_offsets" -> offsets = parseNumbers(tensor, key, 2);
        default ->
            throw invalid("%s has the unknown key %s".formatted(tensor, TensorNames.quote(key)));
      }
    }
    if (dtype == null || shape == null || offsets == null) {
      String missing = dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets";
      throw invalid("%s has no %s".formatted(tensor, missing));
    }
    if (offsets.size() != 2) {
      throw invalid("%s has %d data_offsets instead of 2".formatted(tensor, offsets.size()));
    }
    try {
      return new TensorInfo(name, dtype, shape, offsets.get(0), offsets.get(1));
    } catch (InputException e) {
      throw new InputException(file + ": " + e.getMessage(), e);
    }
  }

  private DType parseDType(String tensor) {
    expect(parser.nextToken(), JsonToken.VALUE_STRING, "the dtype of " + tensor, "a string");
    String name = parser.getString();
    for (DType dtype : DType.values()) {
      if (dtype.name().equals(name)) {
        return dtype;
      }
    }
    throw new InputException(
        "%s cannot be read: %s has the unknown dtype %s; convert it to one of %s."
            .formatted(file, tensor, TensorNames.quote(name), List.of(DType.values())));
  }

  private List<Long> parseNumbers(String tensor, String key, int most) {
    String what = "the %s of %s".formatted(key, tensor);
    expect(parser.nextToken(), JsonToken.START_ARRAY, what, "a list of whole numbers");
    List<Long> numbers = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, what, "a list of whole numbers");
      if (numbers.size() == most) {
        throw invalid("%s has more than %d numbers".formatted(what, most));
      }
      if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
        throw invalid("%s has the number %s, which overflows 64 bits".formatted(what, cut()));
      }
      numbers.add(parser.getLongValue());
    }
    return numbers;
  }

  private void countEntry() {
    entries++;
    if (entries > MAX_ENTRIES) {
      throw invalid("the header has more than %d entries".formatted(MAX_ENTRIES));
    }
  }

  private void expect(JsonToken found, JsonToken wanted, String what, String kind) {
    if (found != wanted) {
      String text = found == null || !found.isScalarValue() ? "a structure" : cut();
      throw invalid("%s must be %s, not %s".formatted(what, kind, text));
    }
  }

  /** The text of a scalar as a message can show it. */
  private String cut() {
    String text = parser.getString();
    String shown = text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "...";
    return parser.currentToken() == JsonToken.VALUE_STRING ? TensorNames.quote(shown) : shown;
  }

  private InputException invalid(String what) {
    return new InputException(
        "%s is not a valid safetensors file: %s; write it again or download another copy."
            .formatted(file, what));
  }
}
