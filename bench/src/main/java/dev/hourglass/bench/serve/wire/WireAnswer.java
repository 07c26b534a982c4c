package dev.hourglass.bench.serve.wire;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An answer as it came over the wire.
 *
 * @param status HTTP's
 * @param headers by name in lower case; of several with one name, the last
 * @param body as UTF-8; what is not UTF-8 is replaced
 */
public record WireAnswer(int status, Map<String, String> headers, String body) {

  /** The value of a header, if it is there. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }
}
