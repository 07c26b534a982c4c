package dev.hourglass.serve.http;

import dev.hourglass.core.InputException;
import dev.hourglass.serve.request.Limits;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * How a server is set up.
 *
 * @param host address to listen on
 * @param port 0 for a free one
 * @param keys any of which a client must show; empty for none
 * @param batch images in a pass at most; absent means what the throughput of the machine justifies
 * @param guidance of requests that cannot say it, to models with classes
 * @param drain how long what runs may go on when the server is told to stop
 */
public record ServeOptions(
    String host,
    int port,
    List<String> keys,
    OptionalInt batch,
    double guidance,
    Duration drain,
    Limits limits) {

  public ServeOptions {
    keys = List.copyOf(keys);
    if (port < 0 || port > 65_535) {
      throw new InputException(
          "The port must be from 0, which takes a free one, to 65535, not %d.".formatted(port));
    }
    if (batch.isPresent() && batch.getAsInt() < 1) {
      throw new InputException(
          "The images of a pass must be at least 1, not %d.".formatted(batch.getAsInt()));
    }
  }
}
