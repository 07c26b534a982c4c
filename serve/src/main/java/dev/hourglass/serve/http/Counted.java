package dev.hourglass.serve.http;

import dev.hourglass.sampling.GeneratedImage;
import dev.hourglass.sampling.Preview;
import dev.hourglass.serve.draw.DrawListener;
import dev.hourglass.serve.draw.Drawing;

/** Counts the images of an answer, and logs what has failed. */
record Counted(Reply reply, Metrics metrics, String model) implements DrawListener {

  @Override
  public void step(long index, int step, int steps) {
    reply.step(index, step, steps);
  }

  @Override
  public void preview(long index, int step, int steps, Preview preview) {
    reply.preview(index, step, steps, preview);
  }

  @Override
  public void image(GeneratedImage image) {
    metrics.drawn(model);
    reply.image(image);
  }

  @Override
  public void done(Drawing.Summary summary) {
    reply.done(summary);
  }

  @Override
  public void failed(Throwable why) {
    if (Problem.ofDrawing(why).status() == 500) {
      ServerLog.failure(why);
    }
    reply.failed(why);
  }
}
