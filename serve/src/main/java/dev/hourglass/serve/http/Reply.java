package dev.hourglass.serve.http;

import dev.hourglass.sampling.GeneratedImage;
import dev.hourglass.sampling.Preview;
import dev.hourglass.serve.draw.DrawListener;
import dev.hourglass.serve.draw.Drawing;
import dev.hourglass.serve.draw.Studio;
import dev.hourglass.serve.request.Wanted;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer in the making. It hears of the drawing on the threads that draw, and goes over to the
 * event loop to write.
 */
abstract class Reply implements DrawListener {

  private final HttpServerResponse response;
  private final Context context;
  private final Runnable onOver;

  /**
   * @param onOver run on the event loop when there is nothing more to say
   */
  Reply(HttpServerResponse response, Context context, Runnable onOver) {
    this.response = response;
    this.context = context;
    this.onOver = onOver;
  }

  HttpServerResponse response() {
    return response;
  }

  /** Runs something where answers are written. */
  final void onLoop(Runnable write) {
    context.runOnContext(_ -> write.run());
  }

  /** The request has its place; on the event loop. */
  void admitted(Studio.Admission admission, Wanted wanted) {}

  @Override
  public void step(long index, int step, int steps) {}

  @Override
  public void preview(long index, int step, int steps, Preview preview) {}

  @Override
  public final void done(Drawing.Summary summary) {
    onLoop(
        () -> {
          finish(summary);
          onOver.run();
        });
  }

  @Override
  public final void failed(Throwable why) {
    onLoop(
        () -> {
          fail(Problem.ofDrawing(why));
          onOver.run();
        });
  }

  /** Writes the end; on the event loop. */
  abstract void finish(Drawing.Summary summary);

  /** Says what went wrong; on the event loop. */
  void fail(Problem problem) {
    Answers.problem(response, problem);
  }

  @Override
  public abstract void image(GeneratedImage image);

  static Map<String, Object> members(Drawing.Summary summary) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("evaluations", summary.evaluations());
    members.put("seconds", rounded(summary.seconds()));
    members.put("waited", rounded(summary.waited()));
    return members;
  }

  private static double rounded(double seconds) {
    return Math.round(seconds * 1000) / 1000.0;
  }
}
