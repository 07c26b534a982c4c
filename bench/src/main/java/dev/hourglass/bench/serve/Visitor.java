package dev.hourglass.bench.serve;

import dev.hourglass.bench.serve.wire.WireAnswer;
import dev.hourglass.bench.serve.wire.WireConnection;
import dev.hourglass.core.random.RandomStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/**
 * One request of a client that may be slow or gone, over a connection of its own.
 *
 * @param manners how it behaves
 * @param url of the server
 * @param head lines of the request's head that hold the key, or empty
 * @param body of the request
 * @param limit for the whole answer
 */
record Visitor(Manners manners, URI url, String head, String body, Duration limit) {

  /** How a client behaves. */
  enum Manners {
    /** Waits for the JSON. */
    PATIENT("application/json"),
    /** Reads the event stream a byte at a time, and the rest after {@link #SLOW}. */
    SLOW("text/event-stream"),
    /** Closes the connection without a word, somewhere in the middle. */
    VANISHING("text/event-stream");

    private final String accept;

    Manners(String accept) {
      this.accept = accept;
    }
  }

  /** What counts as answered; all else is a failure. */
  static final String DRAWN = "200";

  static final String REFUSED = "429 with Retry-After";
  static final String VANISHED = "vanished, as meant to";
  static final String CUT_OFF = "200, but a slow reader was cut off";

  private static final Duration CONNECT = Duration.ofSeconds(30);
  private static final int SMALL_BUFFER = 2048;
  private static final int LONGEST_STAY = 2000; // ms
  private static final Duration SLOW = Duration.ofSeconds(20);

  /** Asks once, and says what came of it in a few words. */
  String visit(RandomStream random) throws InterruptedException {
    int buffer = manners == Manners.SLOW ? SMALL_BUFFER : 0;
    try (WireConnection connection = WireConnection.open(url, CONNECT, buffer)) {
      connection.send(
          """
          POST /v1/samples HTTP/1.1\r
          Host: %s\r
          %sContent-Type: application/json\r
          Accept: %s\r
          Content-Length: %d\r
          \r
          %s\
          """
              .formatted(url.getAuthority(), head, manners.accept, body.length(), body));
      connection.startAnswer(limit);
      return switch (manners) {
        case PATIENT -> outcome(connection.answer(false));
        case SLOW -> readSlowly(connection);
        case VANISHING -> {
          Thread.sleep(random.nextInt(LONGEST_STAY));
          yield VANISHED;
        }
      };
    } catch (IOException e) {
      return "lost: " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }
  }

  private static String outcome(WireAnswer answer) {
    return switch (answer.status()) {
      case 200 -> answer.body().contains("b64_png") ? DRAWN : "200 without an image";
      case 429 -> answer.header("Retry-After").isPresent() ? REFUSED : "429 without Retry-After";
      default -> answer.status() + ": " + detail(answer.body());
    };
  }

  /** The sentence of a problem, without reading all of its JSON. */
  private static String detail(String body) {
    return body.replaceFirst("(?s).*\"detail\"\\s*:\\s*\"([^\"]*)\".*", "$1");
  }

  private static String readSlowly(WireConnection connection)
      throws IOException, InterruptedException {
    WireAnswer start = connection.head();
    if (start.status() != 200) {
      return outcome(start);
    }
    long quick = System.nanoTime() + SLOW.toNanos();
    StringBuilder tail = new StringBuilder();
    try {
      // The stream ends with its last event, of which no more need be seen than the name.
      while (true) {
        int next = connection.readByte();
        if (next < 0) {
          return CUT_OFF;
        }
        tail.append((char) next);
        if (next == '\n') {
          if (tail.indexOf("event: done") >= 0) {
            return DRAWN;
          }
          if (tail.indexOf("event: error") >= 0) {
            return "200, then an error in the stream";
          }
          tail.setLength(0);
        }
        if (System.nanoTime() < quick) {
          Thread.sleep(1);
        }
      }
    } catch (IOException e) {
      return CUT_OFF;
    }
  }
}
