package dev.hourglass.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.imageio.ImageIO;

/** Answers every request as the test says, and keeps what was asked. */
final class FakeServer implements AutoCloseable {

  @FunctionalInterface
  interface Answer {
    void to(HttpExchange exchange, int number) throws IOException;
  }

  record Asked(String method, String path, String accept, String key, String body) {}

  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  FakeServer(Answer answer) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            asked.add(
                new Asked(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders().getFirst("Accept"),
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            answer.to(exchange, asked.size());
          }
        });
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  List<Asked> asked() {
    return asked;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  static void problem(HttpExchange exchange, int status, String detail) throws IOException {
    send(exchange, status, "application/problem+json", problem(status, detail));
  }

  static String problem(int status, String detail) {
    return """
    {"type":"about:blank","title":"No","status":%d,"detail":"%s","error":{"message":"%s","code":null}}\
    """
        .formatted(status, detail, detail);
  }

  /** Begins a stream of events; what is written to it is sent at once. */
  static OutputStream events(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    return exchange.getResponseBody();
  }

  static void event(OutputStream to, String name, String data) throws IOException {
    to.write("event: %s\ndata: %s\n\n".formatted(name, data).getBytes(StandardCharsets.UTF_8));
    to.flush();
  }

  static byte[] png(int width, int height, int rgb) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, rgb);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static String image(long index) {
    return """
    {"index":%d,"seed":7,"class":3,"class_name":"Food","width":2,"height":3,"b64_png":"%s",\
    "settings":{"sampler":"euler","steps":20,"guidance":1.5,"class":3}}\
    """
        .formatted(index, Base64.getEncoder().encodeToString(png(2, 3, (int) index)));
  }

  static String answer(String... images) {
    return """
    {"id":"0123","created":1764400000,"model":"emoji","seed":7,"images":[%s],"evaluations":20,\
    "seconds":0.5,"waited":0.1,"something":"new"}\
    """
        .formatted(String.join(",", images));
  }
}
