package dev.hourglass.data.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of this machine that answers npm with one package, and drops connections if told to. */
final class LocalRegistry implements AutoCloseable {

  private final HttpServer server;
  private final byte[] content;
  private final AtomicInteger drops;
  private final AtomicInteger downloads = new AtomicInteger();

  /**
   * @param drops how many downloads end half way
   */
  LocalRegistry(String name, String version, byte[] content, int drops) throws IOException {
    this.content = content;
    this.drops = new AtomicInteger(drops);
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
    byte[] document =
        """
        {"name": "%s", "dist-tags": {"latest": "%s"}, "versions": {"%s": {
          "name": "%s", "version": "%s",
          "dist": {"tarball": "%s/file.tgz", "integrity": "sha512-%s", "shasum": "%s"}}}}
        """
            .formatted(
                name,
                version,
                version,
                name,
                version,
                url(),
                sha512(content),
                HexFormat.of().formatHex(digest("SHA-1", content)))
            .getBytes(StandardCharsets.UTF_8);
    server.createContext("/file.tgz", this::download);
    server.createContext("/" + name, exchange -> answer(exchange, document));
    server.start();
  }

  private String url() {
    return "http://127.0.0.1:%d".formatted(server.getAddress().getPort());
  }

  /** For npm: where to ask, once only, and a cache of its own. */
  Map<String, String> environment(Path cache) {
    return Map.of(
        "npm_config_registry",
        url() + "/",
        "npm_config_cache",
        cache.toString(),
        "npm_config_fetch_retries",
        "0",
        "npm_config_update_notifier",
        "false",
        "npm_config_userconfig",
        cache.resolve("none").toString());
  }

  /** How many downloads have begun. */
  int downloads() {
    return downloads.get();
  }

  private void download(HttpExchange exchange) throws IOException {
    downloads.incrementAndGet();
    if (drops.getAndDecrement() > 0) {
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content, 0, content.length / 2);
      exchange.getResponseBody().flush();
      // The server closes a connection whose handler fails.
      throw new IOException("dropped");
    }
    answer(exchange, content);
  }

  private static void answer(HttpExchange exchange, byte[] bytes) throws IOException {
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  static String sha512(byte[] content) {
    return Base64.getEncoder().encodeToString(digest("SHA-512", content));
  }

  private static byte[] digest(String algorithm, byte[] content) {
    try {
      return MessageDigest.getInstance(algorithm).digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
