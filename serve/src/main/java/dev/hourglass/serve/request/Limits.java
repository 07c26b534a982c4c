package dev.hourglass.serve.request;

import dev.hourglass.core.InputException;
import java.time.Duration;

/**
 * What a request may ask for.
 *
 * @param images of one request
 * @param steps of the sampler, repetitions included
 * @param pixels of an image
 * @param bodyBytes of a request
 * @param queue images that are drawn or wait, of all requests together
 * @param deadline after which a request is given up
 */
public record Limits(
    int images, int steps, long pixels, long bodyBytes, int queue, Duration deadline) {

  public static final Limits DEFAULT =
      new Limits(64, 1000, 1L << 22, 32L << 20, 256, Duration.ofMinutes(10));

  public Limits {
    requirePositive("images of a request", images);
    requirePositive("steps", steps);
    requirePositive("pixels", pixels);
    requirePositive("bytes of a request", bodyBytes);
    requirePositive("places of the queue", queue);
    requirePositive("seconds of the deadline", deadline.toSeconds());
  }

  private static void requirePositive(String what, long value) {
    if (value < 1) {
      throw new InputException(
          "The limit of %s must be at least 1, not %d.".formatted(what, value));
    }
  }
}
