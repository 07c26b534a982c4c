package dev.hourglass.serve.http;

import dev.hourglass.serve.request.Uploads;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Reads the body of a request into memory, up to a limit; on the event loop. */
final class Body {

  private static final String MULTIPART = "multipart/form-data";
  private static final String JSON = "application/json";
  private static final String REQUEST_PART = "request";
  private static final Pattern BOUNDARY =
      Pattern.compile(";\\s*boundary=\"?[^\";\\s]", Pattern.CASE_INSENSITIVE);

  private static final String IMAGE_PART = "init_image";
  private static final String MASK_PART = "mask";

  private final HttpServerRequest request;
  private final long limit;
  private final Consumer<Problem> refused;

  private final List<Buffer> images = new ArrayList<>();
  private Optional<Buffer> mask = Optional.empty();
  private Optional<Buffer> json = Optional.empty();
  private long read;
  private boolean over;

  private Body(HttpServerRequest request, long limit, Consumer<Problem> refused) {
    this.request = request;
    this.limit = limit;
    this.refused = refused;
  }

  /**
   * Reads a body.
   *
   * @param withFiles whether it may be multipart
   * @param ready gets the JSON and the files
   * @param refused gets what is wrong with it, in place of that
   */
  static void read(
      HttpServerRequest request,
      long limit,
      boolean withFiles,
      BiConsumer<byte[], Uploads> ready,
      Consumer<Problem> refused) {
    new Body(request, limit, refused).read(withFiles, ready);
  }

  private void read(boolean withFiles, BiConsumer<byte[], Uploads> ready) {
    String type = contentType(request);
    if (declared() > limit) {
      refuse(tooLarge());
      return;
    }
    request.exceptionHandler(
        e ->
            refuse(
                Problem.of(
                    400, "The body ended before it was whole, or is damaged; send it again.")));
    if (type.equals(MULTIPART) && withFiles) {
      readParts(ready);
    } else if (type.equals(JSON)) {
      readJson(ready);
    } else {
      refuse(
          Problem.of(
              415,
              "Send the body as %s%s, and say so in Content-Type."
                  .formatted(JSON, withFiles ? " or " + MULTIPART : "")));
    }
  }

  private void readJson(BiConsumer<byte[], Uploads> ready) {
    Buffer whole = Buffer.buffer();
    request.handler(
        part -> {
          if (counted(part)) {
            whole.appendBuffer(part);
          }
        });
    request.endHandler(
        _ -> {
          if (!over) {
            over = true;
            ready.accept(whole.getBytes(), Uploads.NONE);
          }
        });
  }

  private void readParts(BiConsumer<byte[], Uploads> ready) {
    if (!BOUNDARY.matcher(request.getHeader("Content-Type")).find()) {
      refuse(Problem.of(400, "The multipart body has no boundary; name it in Content-Type."));
      return;
    }
    request.setExpectMultipart(true);
    request.handler(this::counted);
    request.uploadHandler(
        upload -> {
          Buffer file = Buffer.buffer();
          upload.handler(
              part -> {
                if (!over) {
                  file.appendBuffer(part);
                }
              });
          upload.exceptionHandler(e -> refuse(Problem.of(400, "A part of the body is damaged.")));
          upload.endHandler(_ -> take(upload.name(), file));
        });
    request.endHandler(
        _ -> {
          if (!over) {
            for (var part : request.formAttributes()) {
              take(part.getKey(), Buffer.buffer(part.getValue()));
            }
          }
          if (!over) {
            over = true;
            ready.accept(
                json.map(Buffer::getBytes).orElse("{}".getBytes(StandardCharsets.UTF_8)),
                new Uploads(
                    images.stream().map(Buffer::getBytes).toList(), mask.map(Buffer::getBytes)));
          }
        });
  }

  private void take(String name, Buffer part) {
    switch (name == null ? "" : name) {
      case REQUEST_PART -> json = Optional.of(part);
      case IMAGE_PART -> images.add(part);
      case MASK_PART -> mask = Optional.of(part);
      default ->
          refuse(
              Problem.of(
                  400,
                  "A part of the body has an unknown name; they are %s, %s and %s."
                      .formatted(REQUEST_PART, IMAGE_PART, MASK_PART)));
    }
  }

  private boolean counted(Buffer part) {
    read += part.length();
    if (read > limit) {
      refuse(tooLarge());
    }
    return !over;
  }

  private Problem tooLarge() {
    return Problem.of(
        413, "The body is larger than the %,d bytes that this server takes.".formatted(limit));
  }

  private void refuse(Problem problem) {
    if (!over) {
      over = true;
      // What is left of the body is not read: the connection ends with the answer.
      request.response().putHeader("Connection", "close");
      refused.accept(problem);
    }
  }

  /** In lower case, without parameters; empty if there is none. */
  private static String contentType(HttpServerRequest request) {
    String type = request.getHeader("Content-Type");
    return type == null ? "" : type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
  }

  private long declared() {
    try {
      return Long.parseLong(Optional.ofNullable(request.getHeader("Content-Length")).orElse("0"));
    } catch (NumberFormatException e) {
      return 0; // The HTTP library refuses it.
    }
  }
}
