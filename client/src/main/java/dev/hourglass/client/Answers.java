package dev.hourglass.client;

import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From the server's JSON to records. Members that are not known here are passed over. */
final class Answers {

  private static final JsonMapper MAPPER = new JsonMapper();

  private Answers() {}

  static String write(DrawRequest request) {
    return MAPPER.writeValueAsString(request.members());
  }

  /**
   * Reads an answer.
   *
   * @throws IOException if the text is not JSON, or lacks a member
   */
  static <T> T read(String text, Function<JsonNode, T> reader) throws IOException {
    try {
      return reader.apply(MAPPER.readTree(text));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new IOException(
          "This is no answer of a Hourglass server (%s)."
              .formatted(
                  e instanceof JacksonException json
                      ? json.getOriginalMessage()
                      : String.valueOf(e.getMessage())),
          e);
    }
  }

  static Models models(JsonNode node) {
    return new Models(
        list(node.required("data"), Answers::model),
        strings(node.path("samplers")),
        strings(node.path("schedules")),
        map(node.path("defaults")),
        limits(node.required("limits")));
  }

  private static Model model(JsonNode node) {
    return new Model(
        node.required("id").stringValue(),
        Model.Status.valueOf(node.required("status").stringValue().toUpperCase(Locale.ROOT)),
        node.path("detail").stringValueOpt(),
        node.path("digest").asString(""),
        node.path("height").asInt(0),
        node.path("width").asInt(0),
        node.path("channels").asInt(0),
        strings(node.path("classes")),
        node.path("vector").asInt(0),
        node.path("batch").asInt(0),
        node.path("seconds_per_evaluation").asDouble(0));
  }

  private static Limits limits(JsonNode node) {
    return new Limits(
        node.required("images").intValue(),
        node.required("steps").intValue(),
        node.required("pixels").longValue(),
        node.required("body_bytes").longValue(),
        node.required("queue").intValue(),
        node.required("deadline").doubleValue());
  }

  static Drawn drawn(JsonNode node) {
    return new Drawn(
        node.required("id").stringValue(),
        node.required("model").stringValue(),
        node.required("seed").longValue(),
        list(node.required("images"), Answers::image),
        node.path("evaluations").asLong(0),
        node.path("seconds").asDouble(0),
        node.path("waited").asDouble(0));
  }

  static DrawnImage image(JsonNode node) {
    JsonNode number = node.path("class");
    return new DrawnImage(
        node.required("index").longValue(),
        node.required("seed").longValue(),
        number.isInt() ? OptionalInt.of(number.intValue()) : OptionalInt.empty(),
        node.path("class_name").stringValueOpt(),
        node.required("height").intValue(),
        node.required("width").intValue(),
        png(node),
        map(node.path("settings")));
  }

  static DrawEvent.Queued queued(JsonNode node) {
    return new DrawEvent.Queued(
        node.required("id").stringValue(),
        node.required("model").stringValue(),
        node.required("seed").longValue(),
        node.required("images").intValue(),
        node.required("ahead").intValue());
  }

  static DrawEvent.Progress progress(JsonNode node) {
    return new DrawEvent.Progress(
        node.required("index").longValue(),
        node.required("step").intValue(),
        node.required("steps").intValue());
  }

  static DrawEvent.Preview preview(JsonNode node) {
    return new DrawEvent.Preview(
        node.required("index").longValue(),
        node.required("step").intValue(),
        node.required("steps").intValue(),
        node.required("sigma").doubleValue(),
        png(node));
  }

  /**
   * What a problem body says; one of another program on the way (a proxy) may be anything.
   *
   * @param status of the answer
   */
  static ServerRefusal refusal(int status, String body, Optional<Duration> retryAfter) {
    try {
      JsonNode problem = MAPPER.readTree(body);
      Optional<String> detail = problem.path("detail").stringValueOpt();
      if (detail.isPresent()) {
        return new ServerRefusal(
            problem.path("status").asInt(status), detail.orElseThrow(), retryAfter);
      }
    } catch (JacksonException e) {
      // No JSON at all; then there is no sentence either.
    }
    return new ServerRefusal(status, "The server gave no reason.", retryAfter);
  }

  private static PngImage png(JsonNode node) {
    return new PngImage(Base64.getDecoder().decode(node.required("b64_png").stringValue()));
  }

  private static Map<String, Object> map(JsonNode node) {
    return node.isObject() ? MAPPER.treeToValue(node, new TypeReference<>() {}) : Map.of();
  }

  private static List<String> strings(JsonNode node) {
    return list(node, JsonNode::stringValue);
  }

  private static <T> List<T> list(JsonNode node, Function<JsonNode, T> reader) {
    return node.valueStream().map(reader).toList();
  }
}
