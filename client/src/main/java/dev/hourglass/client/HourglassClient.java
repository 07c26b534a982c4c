package dev.hourglass.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * A client of {@code hourglass serve}:
 *
 * <pre>{@code
 * try (HourglassClient client = HourglassClient.of(URI.create("http://127.0.0.1:8080"))) {
 *   DrawnImage image = client.draw(DrawRequest.of("emoji").withClass("Food").withSeed(7)).image();
 *   Files.write(Path.of("food.png"), image.png());
 * }
 * }</pre>
 *
 * <p>Any number of threads may use it at once. Every method waits for the server; interrupting the
 * waiting thread closes the connection, upon which the server gives the work up. A method throws
 * {@link ServerRefusal} if the server answers with an error, and {@link UncheckedIOException} if it
 * cannot be reached, breaks off or says what no Hourglass server would.
 */
public final class HourglassClient implements AutoCloseable {

  private static final int TOO_MANY_REQUESTS = 429;
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** The server sends at least a comment every 10 seconds. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  /** So that a server that says "at once" is not asked without pause. */
  private static final Duration LEAST_WAIT = Duration.ofMillis(100);

  private final HttpClient http;
  private final URI server;
  private final Optional<String> key;
  private final Duration patience;
  private final Duration silence;

  private HourglassClient(
      HttpClient http, URI server, Optional<String> key, Duration patience, Duration silence) {
    this.http = http;
    this.server = server;
    this.key = key;
    this.patience = patience;
    this.silence = silence;
  }

  /**
   * A client without a key that never asks twice.
   *
   * @param server such as {@code http://127.0.0.1:8080}; may have a path, if a proxy gives the
   *     server one
   */
  public static HourglassClient of(URI server) {
    String address = server.toString();
    return new HourglassClient(
        // HTTP/2 would begin with an upgrade that not every server on the way understands.
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build(),
        address.endsWith("/") ? server : URI.create(address + "/"),
        Optional.empty(),
        Duration.ZERO,
        SILENCE);
  }

  /** The same with a key of the server, sent with every request. Both share connections. */
  public HourglassClient withKey(String newKey) {
    return new HourglassClient(http, server, Optional.of(newKey), patience, silence);
  }

  /**
   * The same, but a request that the server has no room for (status 429) is sent again after the
   * time that the server asks for, as long as all this waiting stays within the limit.
   *
   * @param limit of all pauses of a request together; zero to never ask again
   */
  public HourglassClient withPatience(Duration limit) {
    return new HourglassClient(http, server, key, limit, silence);
  }

  /**
   * The same with another limit (60 seconds without it) on how long the stream of events may be
   * silent before the connection counts as lost. The server sends a line every 10 seconds.
   */
  public HourglassClient withSilence(Duration limit) {
    return new HourglassClient(http, server, key, patience, limit);
  }

  /** What the server offers. */
  public Models models() throws InterruptedException {
    return ask(
        request("v1/models").header("Accept", "application/json").GET().build(),
        body -> Answers.read(text(body), Answers::models));
  }

  /**
   * Draws images, without a word before they are all done. Use {@link #draw(DrawRequest,
   * DrawListener)} for work of minutes: its connection is never idle, so nothing on the way cuts
   * it.
   */
  public Drawn draw(DrawRequest request) throws InterruptedException {
    return ask(post(request, "application/json"), body -> Answers.read(text(body), Answers::drawn));
  }

  /** Draws images, and tells how far it is and each image as it is done. */
  public Drawn draw(DrawRequest request, DrawListener listener) throws InterruptedException {
    return ask(
        post(request, "text/event-stream"),
        body -> {
          try (EventStream events = new EventStream(body, silence)) {
            return new Drawing(listener).follow(events);
          }
        });
  }

  private HttpRequest post(DrawRequest request, String accept) {
    return request("v1/samples")
        .header("Content-Type", "application/json")
        .header("Accept", accept)
        .POST(BodyPublishers.ofString(Answers.write(request)))
        .build();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(server.resolve(path));
    key.ifPresent(secret -> builder.header("Authorization", "Bearer " + secret));
    return builder;
  }

  @FunctionalInterface
  private interface BodyReader<T> {
    T read(InputStream body) throws IOException, InterruptedException;
  }

  private <T> T ask(HttpRequest request, BodyReader<T> reader) throws InterruptedException {
    try (InputStream body = open(request)) {
      return reader.read(body);
    } catch (IOException e) {
      // Reading a body turns an interruption into a failure, with the thread's flag set.
      if (Thread.interrupted()) {
        InterruptedException interrupted = new InterruptedException(e.getMessage());
        interrupted.initCause(e);
        throw interrupted;
      }
      throw new UncheckedIOException(
          "Asking %s for /%s failed: %s"
              .formatted(server, server.relativize(request.uri()), reason(e)),
          e);
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** The body of an answer that is no refusal. */
  private InputStream open(HttpRequest request) throws IOException, InterruptedException {
    Duration waited = Duration.ZERO;
    while (true) {
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      if (response.statusCode() < 300) {
        return response.body();
      }
      ServerRefusal refusal = refusal(response);
      if (refusal.status() != TOO_MANY_REQUESTS || refusal.retryAfter().isEmpty()) {
        throw refusal;
      }
      Duration wait = atLeast(LEAST_WAIT, refusal.retryAfter().orElseThrow());
      waited = waited.plus(wait);
      if (waited.compareTo(patience) > 0) {
        throw refusal;
      }
      Thread.sleep(wait);
    }
  }

  private static Duration atLeast(Duration least, Duration wait) {
    return wait.compareTo(least) < 0 ? least : wait;
  }

  private static ServerRefusal refusal(HttpResponse<InputStream> response) throws IOException {
    Optional<Duration> retryAfter =
        response
            .headers()
            .firstValue("Retry-After")
            .filter(seconds -> seconds.matches("\\d{1,9}")) // It may be a date, of a proxy.
            .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
    try (InputStream body = response.body()) {
      return Answers.refusal(response.statusCode(), text(body), retryAfter);
    }
  }

  private static String text(InputStream body) throws IOException {
    return new String(body.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Closes all connections, also those of clients that were made from this one. */
  @Override
  public void close() {
    http.shutdownNow();
  }
}
