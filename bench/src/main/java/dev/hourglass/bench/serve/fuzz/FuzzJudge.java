package dev.hourglass.bench.serve.fuzz;

import dev.hourglass.bench.serve.wire.WireAnswer;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whether an answer keeps to the API. */
final class FuzzJudge {

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String PROBLEM = "application/problem+json";

  /** What only a programmer could make something of. */
  private static final Pattern LEAK =
      Pattern.compile("Exception|java\\.|\\bat dev\\.hourglass|tools\\.jackson|\\.java:\\d");

  private static final Pattern SENTENCE = Pattern.compile("(?s)\\S+\\s.*[.?!]\\s*");
  private static final int LONGEST_DETAIL = 2000;

  private FuzzJudge() {}

  /** What is wrong with an answer, if anything is. */
  static Optional<String> complaint(FuzzRequest request, WireAnswer answer) {
    int status = answer.status();
    boolean busy = status == 429 || status == 503;
    if (status >= 500 && status != 503) {
      return Optional.of("status " + status);
    }
    if (busy && answer.header("Retry-After").filter(value -> value.matches("\\d+")).isEmpty()) {
      return Optional.of("status " + status + " without Retry-After in seconds");
    }
    if (request.drawable() && status != 200 && !busy) {
      return Optional.of("a right request has status " + status);
    }
    if (!answer.header("X-Content-Type-Options").equals(Optional.of("nosniff"))) {
      return Optional.of("no X-Content-Type-Options: nosniff");
    }
    if (!answer.header("Referrer-Policy").equals(Optional.of("no-referrer"))) {
      return Optional.of("no Referrer-Policy: no-referrer");
    }
    if (answer.header("X-Injected").isPresent()) {
      return Optional.of("a header of the request's making");
    }
    if (request.method().equals("HEAD")) {
      return Optional.empty();
    }
    return status >= 400 ? problem(answer) : stream(answer);
  }

  private static Optional<String> problem(WireAnswer answer) {
    String type = answer.header("Content-Type").orElse("no type");
    if (!type.startsWith(PROBLEM)) {
      return Optional.of("an error of type " + type);
    }
    return problem(answer.body(), answer.status());
  }

  private static Optional<String> problem(String body, int status) {
    JsonNode problem;
    try {
      problem = MAPPER.readTree(body);
    } catch (JacksonException e) {
      return Optional.of("an error whose body is no JSON");
    }
    if (problem.path("status").asInt(0) != status) {
      return Optional.of("a problem of another status than the answer");
    }
    String detail = problem.path("detail").asString("");
    if (!SENTENCE.matcher(detail).matches() || detail.length() > LONGEST_DETAIL) {
      return Optional.of("a detail that is no sentence");
    }
    if (LEAK.matcher(detail).find()) {
      return Optional.of("a detail for programmers");
    }
    return problem.path("error").path("message").asString("").equals(detail)
        ? Optional.empty()
        : Optional.of("error.message is not the detail");
  }

  /** An event stream has to end with its last event, and not with a mistake of the server's. */
  private static Optional<String> stream(WireAnswer answer) {
    if (!answer.header("Content-Type").orElse("").startsWith("text/event-stream")) {
      return Optional.empty();
    }
    int error = answer.body().lastIndexOf("event: error\n");
    if (error < 0) {
      return answer.body().contains("event: done\n")
          ? Optional.empty()
          : Optional.of("a stream without its last event");
    }
    String data = answer.body().substring(error).replaceFirst("(?s)^.*?\ndata: ([^\n]*).*", "$1");
    int status;
    try {
      status = MAPPER.readTree(data).path("status").asInt(0);
    } catch (JacksonException e) {
      return Optional.of("an error event that is no JSON");
    }
    return status >= 500 && status != 503
        ? Optional.of("an error event of status " + status)
        : problem(data, status);
  }
}
