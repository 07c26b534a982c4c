package dev.hourglass.json;

import dev.hourglass.core.InputException;
import java.math.BigDecimal;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.core.util.Separators.Spacing;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON as text: reading with positions in messages, and writing as a person would. */
public final class JsonText {

  private static final int LONGEST_VALUE = 80;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // As editors and people write it: JSON with comments.
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(JsonReadFeature.ALLOW_YAML_COMMENTS)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // reported by hand, see parse
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .build();

  private static final Separators SEPARATORS =
      Separators.createDefaultInstance()
          .withObjectNameValueSpacing(Spacing.AFTER)
          .withArrayElementSpacing(Spacing.AFTER)
          .withArrayEmptySeparator("")
          .withObjectEmptySeparator("");

  private static final DefaultPrettyPrinter PRETTY =
      new DefaultPrettyPrinter(SEPARATORS)
          .withArrayIndenter(new DefaultPrettyPrinter.NopIndenter())
          .withObjectIndenter(new DefaultIndenter("  ", "\n"));

  private static final DefaultPrettyPrinter ONE_LINE =
      new DefaultPrettyPrinter(SEPARATORS.withObjectEntrySpacing(Spacing.AFTER))
          .withArrayIndenter(new DefaultPrettyPrinter.NopIndenter())
          .withObjectIndenter(new DefaultPrettyPrinter.NopIndenter());

  private JsonText() {}

  /**
   * Reads text that must hold one JSON object and nothing else.
   *
   * @throws InputException with line and column, if the text is not JSON, repeats a key or goes on
   *     after the object
   */
  public static ObjectNode parseObject(String text) {
    try (JsonParser parser = MAPPER.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new InputException("The text is empty; write a config in JSON.");
      }
      JsonNode node = MAPPER.readTree(parser);
      requireEnd(parser);
      if (!(node instanceof ObjectNode object)) {
        throw new InputException(
            "The text is %s; write one JSON object with the keys model, dataset, optimizer, lr_sched and ema_sched."
                .formatted(render(node)));
      }
      return object;
    } catch (JacksonException e) {
      throw new InputException(explain(e), e);
    }
  }

  /** Reads a JSON value that this program wrote itself. */
  public static JsonNode parseValue(String text) {
    return MAPPER.readTree(text);
  }

  private static void requireEnd(JsonParser parser) {
    TokenStreamLocation location;
    try {
      if (parser.nextToken() == null) {
        return;
      }
      location = parser.currentTokenLocation();
    } catch (StreamReadException e) {
      location = e.getLocation();
    }
    throw new InputException(
        "%s: there is more text after the end of the config; delete it."
            .formatted(position(location)));
  }

  private static String explain(JacksonException e) {
    if (e instanceof StreamConstraintsException) { // comes without a location
      return "The text has a number, a key or a nesting far too long for a config; give a config"
          + " file.";
    }
    String position = position(e.getLocation());
    String reason = e.getOriginalMessage();
    if (reason.startsWith("Duplicate") && e.processor() instanceof JsonParser parser) {
      return "%s: the key \"%s\" appears twice; keep one of them."
          .formatted(position, parser.currentName());
    }
    if (e instanceof UnexpectedEndOfInputException) {
      return "%s: the text ends before its last bracket or quote is closed; close it."
          .formatted(position);
    }
    return "%s: this is not valid JSON (%s); correct it.".formatted(position, cause(e));
  }

  /**
   * Why a text is no JSON, without Jackson's advice on its own settings, which would only confuse.
   */
  public static String cause(JacksonException e) {
    String reason = e.getOriginalMessage();
    return reason.startsWith("Trailing token")
        ? "there is more text after its end"
        : reason.replaceFirst("(?s)(: enable `| \\(not recognized| \\(start marker).*", "");
  }

  private static String position(TokenStreamLocation location) {
    return "line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
  }

  /** The object over several lines, lists of values on one line each. */
  public static String pretty(ObjectNode object) {
    return MAPPER.writer().with(PRETTY).writeValueAsString(object) + "\n";
  }

  /** A value on one line, as in a config file, shortened if it is long. */
  public static String render(JsonNode node) {
    String text = compact(node);
    return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE - 3) + "...";
  }

  /** A value on one line, whole. */
  public static String compact(JsonNode node) {
    return MAPPER.writer().with(ONE_LINE).writeValueAsString(node);
  }

  /** A number as a person writes it: {@code 80}, {@code 0.0005}, {@code 1.0E-8}. */
  public static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    return plain(value) ? decimal(value).toPlainString() : Double.toString(value);
  }

  /** The JSON node of a number, which keeps its decimal point and all its digits. */
  public static JsonNode numberNode(double value) {
    return plain(value)
        ? JsonNodeFactory.instance.numberNode(decimal(value))
        : JsonNodeFactory.instance.numberNode(value);
  }

  private static BigDecimal decimal(double value) {
    BigDecimal decimal = BigDecimal.valueOf(value).stripTrailingZeros();
    return decimal.scale() < 1 ? decimal.setScale(1) : decimal;
  }

  /** Whether the number reads better without an exponent. */
  private static boolean plain(double value) {
    double magnitude = Math.abs(value);
    return magnitude >= 1e-6 && magnitude < 1e9;
  }
}
