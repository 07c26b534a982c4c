package dev.hourglass.bench.serve;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the server says of itself at {@code /metrics}, and the system of its process. */
final class ServerMetrics {

  private static final Pattern RESIDENT =
      Pattern.compile("(?m)^\\w*(?:resident|rss)\\w*(?:\\{[^}]*})? +([0-9.eE+-]+)");
  private static final Pattern STATUS = Pattern.compile("(?m)^VmRSS:\\s*(\\d+) kB");
  private static final int KILO = 1024; // what proc(5) calls kB

  private final HttpClient http = HttpClient.newHttpClient();
  private final ServerOptions server;
  private final long pid;

  /**
   * Of a server.
   *
   * @param pid of its process if that runs on this machine, else 0
   */
  ServerMetrics(ServerOptions server, long pid) {
    this.server = server;
    this.pid = pid;
  }

  /** The server's page of metrics. */
  String text() throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root() + "/metrics"));
    if (server.key != null) {
      request.header("Authorization", "Bearer " + server.key);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
  }

  private String root() {
    return server.url().toString().replaceFirst("/$", "");
  }

  /** Bytes that the server's process holds, if anybody tells. */
  OptionalDouble residentBytes() throws InterruptedException {
    try {
      if (pid > 0) {
        String status = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
        OptionalDouble kilobytes = first(STATUS, status);
        return kilobytes.isPresent()
            ? OptionalDouble.of(KILO * kilobytes.getAsDouble())
            : OptionalDouble.empty();
      }
      return first(RESIDENT, text());
    } catch (IOException e) {
      return OptionalDouble.empty();
    }
  }

  /** The value of a metric without labels. */
  static OptionalDouble value(String text, String name) {
    return first(Pattern.compile("(?m)^" + Pattern.quote(name) + " +([0-9.eE+-]+)"), text);
  }

  /** Resident bytes on a page of metrics, under whatever name. */
  static OptionalDouble residentBytes(String text) {
    return first(RESIDENT, text);
  }

  private static OptionalDouble first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find()
        ? OptionalDouble.of(Double.parseDouble(matcher.group(1)))
        : OptionalDouble.empty();
  }
}
