package dev.hourglass.client;

import java.time.Duration;
import java.util.Optional;

/** The server did not do what it was asked for. The message is its sentence about why. */
public final class ServerRefusal extends RuntimeException {

  private final int status;
  private final String detail;
  private final transient Optional<Duration> retryAfter;

  /**
   * A refusal.
   *
   * @param status HTTP's: 400 to 599
   * @param detail one sentence
   * @param retryAfter when to ask again, if the server says so
   */
  public ServerRefusal(int status, String detail, Optional<Duration> retryAfter) {
    super(detail + " (status " + status + ")");
    this.status = status;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }

  /** HTTP's status: 429 if the queue is full, 503 if the server is not ready, ... */
  public int status() {
    return status;
  }

  /** The server's sentence. */
  public String detail() {
    return detail;
  }

  /** When to ask again; empty where asking again is no use or the server does not say. */
  public Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
