package dev.hourglass.serve.http;

import dev.hourglass.core.InputException;
import dev.hourglass.serve.draw.BusyException;
import dev.hourglass.serve.draw.StoppedException;
import dev.hourglass.serve.model.NoSuchModelException;
import dev.hourglass.serve.model.NotReadyException;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What went wrong, as RFC 9457 has it, and in the shape that OpenAI's clients read beside it.
 *
 * @param detail one sentence
 * @param retryAfter seconds
 */
record Problem(int status, String detail, OptionalInt retryAfter) {

  static final String CONTENT_TYPE = "application/problem+json";

  private static final int SECONDS_TO_LOAD = 5;

  /** A word of a request that need not be told back whole. */
  private static final Pattern LONG_WORD = Pattern.compile("([^\\s\"'.;,]{80})[^\\s\"'.;,]+");

  Problem {
    detail = LONG_WORD.matcher(detail).replaceAll("$1…");
  }

  static Problem of(int status, String detail) {
    return new Problem(status, detail, OptionalInt.empty());
  }

  /** Of a request that is wrong. */
  static Problem ofRequest(Throwable failure) {
    return of(failure, 400);
  }

  /** Of a request that was right, and whose settings give no image. */
  static Problem ofDrawing(Throwable failure) {
    return of(failure, 422);
  }

  private static Problem of(Throwable failure, int statusOfInput) {
    return switch (failure) {
      case NoSuchModelException e -> of(404, e.getMessage());
      case InputException e -> of(statusOfInput, e.getMessage());
      case BusyException e -> new Problem(429, e.getMessage(), OptionalInt.of(e.retryAfter()));
      case NotReadyException e -> new Problem(503, e.getMessage(), OptionalInt.of(SECONDS_TO_LOAD));
      case StoppedException e -> new Problem(503, e.getMessage(), OptionalInt.of(SECONDS_TO_LOAD));
      default -> ofLibrary(failure);
    };
  }

  /** Of what libtorch says in its own words. */
  private static Problem ofLibrary(Throwable failure) {
    return outOfMemory(failure)
        ? new Problem(
            503,
            "There is not enough memory for this request now; ask for fewer or smaller"
                + " images, or later.",
            OptionalInt.of(SECONDS_TO_LOAD))
        : of(500, "The server has failed; its log says more.");
  }

  /** In Java's memory, or in libtorch's. */
  private static boolean outOfMemory(Throwable failure) {
    return causes(failure).anyMatch(OutOfMemoryError.class::isInstance)
        || says(failure, "DefaultCPUAllocator");
  }

  private static boolean says(Throwable failure, String words) {
    return causes(failure)
        .map(e -> String.valueOf(e.getMessage()))
        .anyMatch(m -> m.contains(words));
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, e -> e != null, Throwable::getCause);
  }

  String title() {
    return HttpResponseStatus.valueOf(status).reasonPhrase();
  }

  Map<String, Object> members() {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", detail);
    error.put("type", status >= 500 ? "server_error" : "invalid_request_error");
    error.put("code", null);
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("type", "about:blank");
    members.put("title", title());
    members.put("status", status);
    members.put("detail", detail);
    members.put("error", error);
    return members;
  }
}
