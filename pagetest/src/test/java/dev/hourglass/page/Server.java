package dev.hourglass.page;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The real server, as a process of its own; or one that runs already. */
final class Server implements AutoCloseable {

  private static final String LISTENING = "Listening on ";

  /** The launcher builds what is missing before it starts. */
  private static final Duration LONGEST_START = Duration.ofMinutes(10);

  private final Process process;
  private final String url;

  private Server(Process process, String url) {
    this.process = process;
    this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  /** That which the system property names, or a new one with these options. */
  static Server at(String property, String... options) {
    String running = System.getProperty(property, "");
    return running.isEmpty() ? start(options) : new Server(null, running);
  }

  private static Server start(String... options) {
    Path root = Path.of(System.getProperty("hourglass.root", "..")).toAbsolutePath().normalize();
    List<String> command =
        new ArrayList<>(
            List.of("./hourglass", "serve", "--model", "emoji=models/emoji-64.safetensors"));
    command.addAll(List.of("--port", "0"));
    command.addAll(List.of(options));
    try {
      Path log = Files.createTempFile("hourglass-server", ".log");
      log.toFile().deleteOnExit();
      Process process =
          new ProcessBuilder(command).directory(root.toFile()).redirectError(log.toFile()).start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process)));
      CompletableFuture<String> address = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> read(process, address));
      try {
        Server server =
            new Server(process, address.get(LONGEST_START.toSeconds(), TimeUnit.SECONDS));
        server.awaitReadiness();
        return server;
      } catch (ExecutionException | TimeoutException e) {
        stop(process);
        throw new IllegalStateException(
            String.join(" ", command) + " did not start:\n" + Files.readString(log), e);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** To the end, so that the server never waits for a reader. */
  private static void read(Process process, CompletableFuture<String> address) {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(LISTENING)) {
          address.complete(line.substring(LISTENING.length()).strip());
        }
      }
      address.completeExceptionally(new IllegalStateException("it ended"));
    } catch (IOException e) {
      address.completeExceptionally(e);
    }
  }

  private void awaitReadiness() throws IOException, InterruptedException {
    Instant latest = Instant.now().plusSeconds(180);
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest ready = HttpRequest.newBuilder(URI.create(url + "/health/ready")).build();
      while (client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() != 200) {
        if (Instant.now().isAfter(latest)) {
          stop(process);
          throw new IllegalStateException("the server did not become ready");
        }
        Thread.sleep(200);
      }
    }
  }

  String url() {
    return url;
  }

  @Override
  public void close() {
    if (process != null) {
      stop(process);
    }
  }

  private static void stop(Process process) {
    // The launcher may have started Java as a child.
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroy);
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        all.forEach(ProcessHandle::destroyForcibly);
      }
    } catch (InterruptedException e) {
      all.forEach(ProcessHandle::destroyForcibly);
      Thread.currentThread().interrupt();
    }
  }
}
