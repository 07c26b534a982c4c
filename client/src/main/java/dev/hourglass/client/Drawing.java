package dev.hourglass.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Follows the events of one request, from {@code queued} to {@code done}. */
final class Drawing {

  private final DrawListener listener;
  private final List<DrawnImage> images = new ArrayList<>();
  private String model = "";

  Drawing(DrawListener listener) {
    this.listener = listener;
  }

  /**
   * Waits for the end.
   *
   * @throws ServerRefusal if the server gives up
   * @throws IOException if the stream ends before {@code done}
   */
  Drawn follow(EventStream events) throws IOException, InterruptedException {
    while (true) {
      EventStream.Event event =
          events
              .next()
              .orElseThrow(
                  () ->
                      new IOException(
                          "The server closed the connection after %d finished images."
                              .formatted(images.size())));
      if (event.name().equals("done")) {
        return done(event.data());
      }
      hear(event);
    }
  }

  private void hear(EventStream.Event event) throws IOException {
    String data = event.data();
    switch (event.name()) {
      case "queued" -> {
        DrawEvent.Queued queued = Answers.read(data, Answers::queued);
        model = queued.model();
        listener.queued(queued);
      }
      case "progress" -> listener.progress(Answers.read(data, Answers::progress));
      case "preview" -> listener.preview(Answers.read(data, Answers::preview));
      case "image" -> {
        DrawnImage image = Answers.read(data, Answers::image);
        images.add(image);
        listener.image(image);
      }
      case "error" -> throw Answers.refusal(500, data, Optional.empty());
      default -> {} // of a newer server
    }
  }

  private Drawn done(String data) throws IOException {
    return Answers.read(
        data,
        node ->
            new Drawn(
                node.required("id").stringValue(),
                model,
                node.required("seed").longValue(),
                images,
                node.path("evaluations").asLong(0),
                node.path("seconds").asDouble(0),
                node.path("waited").asDouble(0)));
  }
}
