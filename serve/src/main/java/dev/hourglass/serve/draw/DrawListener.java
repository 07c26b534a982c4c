package dev.hourglass.serve.draw;

import dev.hourglass.sampling.GeneratedImage;
import dev.hourglass.sampling.Preview;

/** Hears of a request being drawn, on the threads that draw. One call ends it, the last. */
public interface DrawListener {

  /** An image is at a step of so many. */
  void step(long index, int step, int steps);

  /** The model's guess of an image at a step. */
  void preview(long index, int step, int steps, Preview preview);

  /** An image is done. */
  void image(GeneratedImage image);

  /** All are done. */
  void done(Drawing.Summary summary);

  /** The request has failed, or was given up. */
  void failed(Throwable why);
}
