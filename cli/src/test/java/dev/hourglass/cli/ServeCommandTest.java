package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {

  private static final Path MODEL = Path.of("../models/emoji-64.safetensors");
  private static final Pattern ADDRESS = Pattern.compile("Listening on (http://\\S+)");

  @TempDir Path folder;

  @Test
  void anImageOfTheServerIsTheOneOfSample() throws Exception {
    ChildProcess server = serve(0);
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI address = awaitReady(client, server);
      Files.write(folder.resolve("served.png"), drawn(client, address));
      CommandRun.succeeds(
          "sample",
          "--checkpoint",
          MODEL,
          "-n",
          3,
          "--class",
          "Flags",
          "--seed",
          5,
          "--steps",
          6,
          "--guidance",
          2,
          "--precision",
          "fp32",
          "--out",
          folder);

      assertThat(pixels(folder.resolve("served.png")))
          .containsExactly(pixels(folder.resolve("emoji-64-5-0.png")));
    } finally {
      server.terminate();
    }
    server.awaitEnd();
    assertThat(server.output()).contains("Stopping: what is being drawn may go on for 30 s.");
  }

  @Test
  void aServerThatIsKilledStartsAgainOnItsPortAndDrawsTheSame() throws Exception {
    ChildProcess killed = serve(0);
    ChildProcess next = null;
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI address = awaitReady(client, killed);
      byte[] first = drawn(client, address);
      CompletableFuture<HttpResponse<byte[]>> under =
          client.sendAsync(request(address, 500), BodyHandlers.ofByteArray());
      killed.kill();

      next = serve(address.getPort());

      assertThat(awaitReady(client, next)).isEqualTo(address);
      assertThat(drawn(client, address)).isEqualTo(first);
      assertThat(under).failsWithin(Duration.ofSeconds(30));
    } finally {
      killed.kill();
      if (next != null) {
        next.kill();
      }
    }
  }

  private ChildProcess serve(int port) throws IOException {
    return ChildProcess.start(
        folder.resolve("log-" + port),
        "serve",
        "--model",
        "emoji=" + MODEL,
        "--port",
        port,
        "--precision",
        "fp32",
        "--batch",
        4);
  }

  private static HttpRequest request(URI address, int steps) {
    return HttpRequest.newBuilder(address.resolve("/v1/samples"))
        .header("Content-Type", "application/json")
        .header("Accept", "image/png")
        .POST(
            BodyPublishers.ofString(
                "{\"class\": \"Flags\", \"seed\": 5, \"steps\": %d, \"guidance\": 2}"
                    .formatted(steps)))
        .build();
  }

  private static byte[] drawn(HttpClient client, URI address)
      throws IOException, InterruptedException {
    return client.send(request(address, 6), BodyHandlers.ofByteArray()).body();
  }

  private static int[] pixels(Path file) throws IOException {
    BufferedImage image = ImageIO.read(file.toFile());
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }

  private URI awaitReady(HttpClient client, ChildProcess server)
      throws IOException, InterruptedException {
    Matcher address = ADDRESS.matcher(server.output());
    while (!address.find()) {
      assertThat(server.isAlive()).as(server.output()).isTrue();
      TimeUnit.MILLISECONDS.sleep(50);
      address = ADDRESS.matcher(server.output());
    }
    URI uri = URI.create(address.group(1));
    HttpRequest ready = HttpRequest.newBuilder(uri.resolve("/health/ready")).build();
    while (client.send(ready, BodyHandlers.discarding()).statusCode() != 200) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return uri;
  }

  @Test
  void whatCannotBeServedIsRefused() throws IOException {
    Path shortKey = Files.writeString(folder.resolve("short.txt"), "abc\n");
    Path noKey = Files.writeString(folder.resolve("none.txt"), "# nothing yet\n");

    refused("Missing required option: '--model=NAME=FILE'");
    refused("lets other machines in", "--model", MODEL, "--host", "0.0.0.0");
    refused("Two models are called a", "--model", "a=" + MODEL, "--model", "a=" + MODEL);
    refused("cannot be the name of a model", "--model", "a b=" + MODEL);
    refused("can be guessed", "--model", MODEL, "--api-key-file", shortKey);
    refused("holds no key", "--model", MODEL, "--api-key-file", noKey);
    refused("give one of them", "--model", MODEL, "--api-key-file", noKey, "--no-auth");
    refused("The port must be", "--model", MODEL, "--port", 70_000);
    refused("must be at least 1, not 0", "--model", MODEL, "--queue", 0);
    refused("must be at least 1, not 0", "--model", MODEL, "--batch", 0);
    refused("--drain must not be negative", "--model", MODEL, "--drain", -1);
  }

  private static void refused(String sentence, Object... words) {
    Object[] all = new Object[words.length + 1];
    all[0] = "serve";
    System.arraycopy(words, 0, all, 1, words.length);
    CommandRun.isRefused(sentence, all);
  }
}
