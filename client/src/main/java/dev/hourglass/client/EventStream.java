package dev.hourglass.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Server-sent events of an answer, one after another. A thread of its own reads the lines, so that
 * whoever waits for the next event can be interrupted, and notices when the server falls silent.
 */
final class EventStream implements AutoCloseable {

  private static final int LINES_AHEAD = 16;

  /** An event: its name ({@code message} if it has none) and its data. */
  record Event(String name, String data) {}

  private sealed interface Read {
    record Line(String text) implements Read {}

    record End() implements Read {}

    record Failure(IOException cause) implements Read {}
  }

  private final BlockingQueue<Read> lines = new ArrayBlockingQueue<>(LINES_AHEAD);
  private final InputStream body;
  private final Duration silence;
  private final Thread reader;

  /**
   * Starts to read.
   *
   * @param silence how long to wait for a line before the connection counts as lost
   */
  EventStream(InputStream body, Duration silence) {
    this.body = body;
    this.silence = silence;
    this.reader = Thread.ofVirtual().name("hourglass-events").start(this::readLines);
  }

  private void readLines() {
    BufferedReader text = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    try {
      try {
        String line = text.readLine();
        while (line != null) {
          lines.put(new Read.Line(line));
          line = text.readLine();
        }
        lines.put(new Read.End());
      } catch (IOException e) {
        lines.put(new Read.Failure(e));
      }
    } catch (InterruptedException e) {
      // Closed; nobody waits for more.
    }
  }

  /**
   * The next event, or empty at the end of the stream.
   *
   * @throws IOException if the connection breaks or the server is silent for too long
   */
  Optional<Event> next() throws IOException, InterruptedException {
    String name = "message";
    StringJoiner data = new StringJoiner("\n");
    boolean any = false;
    while (true) {
      switch (lines.poll(silence.toNanos(), TimeUnit.NANOSECONDS)) {
        case null ->
            throw new HttpTimeoutException(
                "The server sent nothing for %s seconds.".formatted(silence.toSeconds()));
        case Read.End() -> {
          return Optional.empty(); // What has no empty line behind it was cut off, and is no event.
        }
        case Read.Failure(IOException cause) -> throw cause;
        case Read.Line(String line) -> {
          if (line.isEmpty() && any) {
            return Optional.of(new Event(name, data.toString()));
          }
          if (line.startsWith("event:")) {
            name = value(line);
          } else if (line.startsWith("data:")) {
            data.add(value(line));
            any = true;
          }
        }
      }
    }
  }

  /** What follows the colon, without one space before it. */
  private static String value(String line) {
    String value = line.substring(line.indexOf(':') + 1);
    return value.startsWith(" ") ? value.substring(1) : value;
  }

  /** Closes the connection, unless the stream was read to its end. */
  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
    reader.interrupt();
  }
}
