package dev.hourglass.bench.serve.fuzz;

import dev.hourglass.bench.serve.wire.WireAnswer;
import dev.hourglass.bench.serve.wire.WireConnection;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Sends requests over one connection for as long as the server keeps it. One thread at a time. */
final class FuzzSender implements AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(10);

  /**
   * What came of a request.
   *
   * @param what in a word or two, to be counted
   * @param complaint what is wrong, if anything is
   * @param answer status and body, as far as there are any
   */
  record Outcome(String what, Optional<String> complaint, String answer) {

    static Outcome wrong(String what) {
      return new Outcome(what, Optional.of(what), "none");
    }
  }

  private final URI server;
  private final String keyHeader;
  private final Duration limit;
  private WireConnection connection;
  private boolean used;

  FuzzSender(URI server, String keyHeader, Duration limit) {
    this.server = server;
    this.keyHeader = keyHeader;
    this.limit = limit;
  }

  /** Sends, and judges the answer. */
  Outcome send(FuzzRequest request) {
    try {
      return sendOnce(request);
    } catch (SocketTimeoutException e) {
      close();
      return Outcome.wrong("no answer within %d s".formatted(limit.toSeconds()));
    } catch (IOException e) {
      boolean stale = used;
      close();
      if (request.broken()) {
        return new Outcome("closed without an answer, as it may be", Optional.empty(), "none");
      }
      // A server may close a connection that it kept just as the next request is on its way.
      return stale
          ? send(request)
          : Outcome.wrong("no answer (" + e.getClass().getSimpleName() + ")");
    }
  }

  private Outcome sendOnce(FuzzRequest request) throws IOException {
    if (connection == null) {
      connection = WireConnection.open(server, CONNECT, 0);
      used = false;
    }
    connection.startAnswer(limit);
    connection.send(request.wire(server.getAuthority(), keyHeader));
    if (request.missing() > 0) {
      connection.endOutput();
    }
    WireAnswer answer = connection.answer(request.method().equals("HEAD"));
    used = true;
    if (request.broken()
        || answer.header("Connection").filter("close"::equalsIgnoreCase).isPresent()) {
      close();
    }
    return new Outcome(
        "status " + answer.status(),
        FuzzJudge.complaint(request, answer),
        answer.status() + " " + answer.body());
  }

  @Override
  public void close() {
    if (connection != null) {
      try {
        connection.close();
      } catch (IOException e) {
        // It is closed all the same.
      }
      connection = null;
      used = false;
    }
  }
}
