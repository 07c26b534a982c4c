package dev.hourglass.bench.serve.fuzz;

import java.util.List;

/**
 * A request, right or wrong.
 *
 * @param method HTTP's
 * @param target path and query as they are sent
 * @param headers whole lines, without those that every request has (Host, key, length)
 * @param body each character is a byte
 * @param missing bytes that the head promises and that never come; then the output ends
 * @param drawable whether nothing is wrong with it, so that it must be drawn unless the server is
 *     busy
 */
record FuzzRequest(
    String method,
    String target,
    List<String> headers,
    String body,
    long missing,
    boolean drawable) {

  FuzzRequest {
    headers = List.copyOf(headers);
  }

  /** All that is sent, each character a byte. */
  String wire(String host, String keyHeader) {
    StringBuilder text = new StringBuilder();
    text.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: ").append(host);
    text.append("\r\n").append(keyHeader);
    headers.forEach(header -> text.append(header).append("\r\n"));
    if (!body.isEmpty() || missing > 0 || method.equals("POST")) {
      text.append("Content-Length: ").append(body.length() + missing).append("\r\n");
    }
    return text.append("\r\n").append(body).toString();
  }

  /** Whether the server may close the connection without an answer. */
  boolean broken() {
    return missing > 0;
  }
}
