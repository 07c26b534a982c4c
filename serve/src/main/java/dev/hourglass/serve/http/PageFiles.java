package dev.hourglass.serve.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The files of the page, and of the API's description, from the class path. */
final class PageFiles {

  private static final String FOLDER = "/dev/hourglass/serve/";
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]+\\.(?:html|js|css|svg|json)");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "json", "application/json");

  private final Map<String, Optional<byte[]>> files = new ConcurrentHashMap<>();

  /** A file of the page; empty if there is none of that name. */
  Optional<byte[]> page(String name) {
    return NAME.matcher(name).matches() ? file("page/" + name) : Optional.empty();
  }

  /** The description of the API. */
  byte[] openApi() {
    return file("openapi.json").orElseThrow();
  }

  static String contentType(String name) {
    return TYPES.get(name.substring(name.lastIndexOf('.') + 1));
  }

  private Optional<byte[]> file(String path) {
    return files.computeIfAbsent(path, PageFiles::read);
  }

  private static Optional<byte[]> read(String path) {
    try (InputStream in = PageFiles.class.getResourceAsStream(FOLDER + path)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
