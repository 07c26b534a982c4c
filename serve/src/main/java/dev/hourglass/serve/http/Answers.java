package dev.hourglass.serve.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Writes answers; on the event loop. */
final class Answers {

  private static final JsonMapper JSON = new JsonMapper();

  private Answers() {}

  static String json(Object value) {
    return JSON.writeValueAsString(value);
  }

  static void json(HttpServerResponse response, Object value) {
    send(response, "application/json", Buffer.buffer(json(value)));
  }

  /** Sends bytes, unless the client has left. */
  static void send(HttpServerResponse response, String contentType, Buffer body) {
    if (!response.ended() && !response.closed() && !response.headWritten()) {
      response.putHeader("Content-Type", contentType).end(body);
    }
  }

  static void problem(HttpServerResponse response, Problem problem) {
    if (response.ended() || response.closed() || response.headWritten()) {
      return;
    }
    problem
        .retryAfter()
        .ifPresent(seconds -> response.putHeader("Retry-After", Integer.toString(seconds)));
    response.setStatusCode(problem.status());
    send(response, Problem.CONTENT_TYPE, Buffer.buffer(json(problem.members())));
  }

  static void problem(HttpServerResponse response, int status, String detail) {
    problem(response, Problem.of(status, detail));
  }

  /** An event of a stream (HTML standard, 9.2). */
  static Buffer event(String name, Map<String, Object> data) {
    return Buffer.buffer("event: " + name + "\ndata: " + json(data) + "\n\n");
  }
}
