package dev.hourglass.bench.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * As much of the image server as the programs need, without a model: "draws" at once, refuses what
 * is no JSON object. A test may have it answer some requests otherwise.
 */
public final class FakeServer implements AutoCloseable {

  /** Answers in place of the server, if it returns true. */
  @FunctionalInterface
  public interface Other {
    boolean answers(HttpExchange exchange, String body, int number) throws IOException;
  }

  private static final Pattern IMAGES = Pattern.compile("\"n\":(\\d{1,3})[,}]");
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger asked = new AtomicInteger();
  private final HttpServer server;

  public FakeServer(Other other) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            String body =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (!other.answers(exchange, body, asked.getAndIncrement())) {
              answer(exchange, body);
            }
          }
        });
    server.start();
  }

  public String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public int asked() {
    return asked.get();
  }

  private static void answer(HttpExchange exchange, String body) throws IOException {
    String route = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    switch (route) {
      case "GET /v1/models" ->
          send(
              exchange,
              200,
              "application/json",
              """
              {"data":[{"id":"emoji","status":"ready","height":8,"width":8,"classes":["Food"]}],
               "samplers":["euler"],"schedules":["karras"],"defaults":{},
               "limits":{"images":64,"steps":1000,"pixels":4194304,"body_bytes":33554432,
                         "queue":256,"deadline":600}}
              """);
      case "GET /metrics" ->
          send(
              exchange,
              200,
              "text/plain",
              """
              # HELP process_resident_memory_bytes what it holds
              process_resident_memory_bytes 1.5E8
              hourglass_queue_images 0.0
              hourglass_drawing_images 0
              """);
      case "POST /v1/samples" -> draw(exchange, body);
      default -> problem(exchange, 404, "There is no such path.");
    }
  }

  private static void draw(HttpExchange exchange, String body) throws IOException {
    if (!isObject(body)) {
      problem(exchange, 400, "The body is no JSON object.");
      return;
    }
    String accept = exchange.getRequestHeaders().getFirst("Accept");
    if ("text/event-stream".equals(accept)) {
      send(
          exchange,
          200,
          accept,
          """
          event: queued
          data: {"id":"0","model":"emoji","seed":0,"images":1,"ahead":0}

          event: image
          data: %s

          event: done
          data: {"id":"0","seed":0,"evaluations":1,"seconds":0,"waited":0}

          """
              .formatted(image(0)));
      return;
    }
    Matcher images = IMAGES.matcher(body);
    int count = images.find() ? Integer.parseInt(images.group(1)) : 1;
    StringBuilder list = new StringBuilder(image(0));
    for (int i = 1; i < Math.min(count, 64); i++) {
      list.append(',').append(image(i));
    }
    send(
        exchange,
        200,
        "application/json",
        "{\"id\":\"0\",\"model\":\"emoji\",\"seed\":0,\"images\":[" + list + "]}");
  }

  private static boolean isObject(String body) {
    try {
      return new JsonMapper().readTree(body).isObject();
    } catch (JacksonException e) {
      return false;
    }
  }

  /** An image of one pixel, as JSON. */
  public static String image(int rgb) throws IOException {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, rgb);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return "{\"index\":0,\"seed\":0,\"width\":1,\"height\":1,\"b64_png\":\"%s\",\"settings\":{}}"
        .formatted(Base64.getEncoder().encodeToString(bytes.toByteArray()));
  }

  public static void problem(HttpExchange exchange, int status, String detail) throws IOException {
    send(
        exchange,
        status,
        "application/problem+json",
        "{\"status\":%d,\"detail\":\"%s\",\"error\":{\"message\":\"%s\"}}"
            .formatted(status, detail, detail));
  }

  public static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
    if (!head) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
