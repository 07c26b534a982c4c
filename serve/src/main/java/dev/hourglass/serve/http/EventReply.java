package dev.hourglass.serve.http;

import dev.hourglass.sampling.GeneratedImage;
import dev.hourglass.sampling.Preview;
import dev.hourglass.sampling.picture.PngFile;
import dev.hourglass.serve.draw.Drawing;
import dev.hourglass.serve.draw.Studio;
import dev.hourglass.serve.request.Wanted;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An answer as a stream of events. A client that reads slowly misses steps and previews, never an
 * image.
 */
final class EventReply extends Reply {

  /** Between two messages of steps. */
  private static final long NANOS_BETWEEN = 50_000_000;

  private final DrawnImages images;
  private final Wanted wanted;
  private final AtomicLong lastStep = new AtomicLong(System.nanoTime() - NANOS_BETWEEN);
  private String id = "";

  EventReply(
      HttpServerResponse response,
      Context context,
      Runnable onOver,
      DrawnImages images,
      Wanted wanted) {
    super(response, context, onOver);
    this.images = images;
    this.wanted = wanted;
  }

  @Override
  void admitted(Studio.Admission admission, Wanted asked) {
    id = admission.id();
    response()
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no"); // For nginx before us.
    Map<String, Object> members = named();
    members.put("model", wanted.model().id());
    members.put("images", wanted.request().count());
    members.put("ahead", admission.ahead());
    write(Answers.event("queued", members));
  }

  /** Says that the connection still stands; on the event loop. */
  void alive() {
    write(Buffer.buffer(": alive\n\n"));
  }

  private Map<String, Object> named() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("id", id);
    members.put("seed", wanted.settings().seed());
    return members;
  }

  @Override
  public void step(long index, int step, int steps) {
    long now = System.nanoTime();
    long last = lastStep.get();
    boolean due = now - last >= NANOS_BETWEEN && lastStep.compareAndSet(last, now);
    if (due || step == steps) {
      Buffer event = Answers.event("progress", position(index, step, steps));
      onLoop(() -> writeIfRead(event));
    }
  }

  private static Map<String, Object> position(long index, int step, int steps) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("index", index);
    members.put("step", step);
    members.put("steps", steps);
    return members;
  }

  @Override
  public void preview(long index, int step, int steps, Preview preview) {
    if (response().writeQueueFull()) {
      return;
    }
    Map<String, Object> members = position(index, step, steps);
    members.put("sigma", preview.sigma());
    byte[] png = PngFile.bytes(preview.pictures().getFirst(), Map.of());
    members.put("b64_png", Base64.getEncoder().encodeToString(png));
    Buffer event = Answers.event("preview", members);
    onLoop(() -> writeIfRead(event));
  }

  @Override
  public void image(GeneratedImage image) {
    Buffer event = Answers.event("image", images.of(wanted, image).members());
    onLoop(() -> write(event));
  }

  @Override
  void finish(Drawing.Summary summary) {
    Map<String, Object> members = named();
    members.putAll(members(summary));
    end(Answers.event("done", members));
  }

  @Override
  void fail(Problem problem) {
    end(Answers.event("error", problem.members()));
  }

  private void writeIfRead(Buffer event) {
    if (!response().writeQueueFull()) {
      write(event);
    }
  }

  private void write(Buffer event) {
    if (!response().ended() && !response().closed()) {
      response().write(event);
    }
  }

  private void end(Buffer event) {
    if (!response().ended() && !response().closed()) {
      response().end(event);
    }
  }
}
