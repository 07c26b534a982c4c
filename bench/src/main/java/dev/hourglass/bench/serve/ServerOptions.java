package dev.hourglass.bench.serve;

import dev.hourglass.client.DrawRequest;
import dev.hourglass.client.HourglassClient;
import java.net.URI;
import picocli.CommandLine.Option;

/** Which server is tested, and with what requests. */
public final class ServerOptions {

  @Option(
      names = "--url",
      defaultValue = "http://127.0.0.1:8080",
      description = "The server (default: ${DEFAULT-VALUE}).")
  URI url = URI.create("http://127.0.0.1:8080");

  @Option(names = "--key", description = "A key of the server, if it has any.")
  String key;

  @Option(
      names = "--model",
      defaultValue = "emoji",
      description = "Id of the model (default: ${DEFAULT-VALUE}).")
  String model = "emoji";

  /** The server's address. */
  public URI url() {
    return url;
  }

  /** The model's id. */
  public String model() {
    return model;
  }

  /** The line of a request's head that holds the key, or nothing. */
  public String keyHeader() {
    return key == null ? "" : "Authorization: Bearer " + key + "\r\n";
  }

  /** A client of that server. */
  public HourglassClient client() {
    HourglassClient client = HourglassClient.of(url);
    return key == null ? client : client.withKey(key);
  }

  DrawRequest request(long seed, int steps, double guidance) {
    return DrawRequest.of(model).withSeed(seed).withSteps(steps).withGuidance(guidance);
  }
}
