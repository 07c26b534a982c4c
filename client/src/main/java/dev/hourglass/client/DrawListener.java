package dev.hourglass.client;

/**
 * Hears of a request while the server works on it. All calls come from the thread that called
 * {@link HourglassClient#draw(DrawRequest, DrawListener)}; an exception thrown here ends the
 * request.
 */
public interface DrawListener {

  /** Listens to nothing. */
  DrawListener NONE = new DrawListener() {};

  /** The server has taken the request; comes first, once. */
  default void queued(DrawEvent.Queued queued) {}

  /** A sampler step of one image is done; some steps may be passed over. */
  default void progress(DrawEvent.Progress progress) {}

  /** The model's present guess of a finished image. */
  default void preview(DrawEvent.Preview preview) {}

  /** An image is done. They come in any order. */
  default void image(DrawnImage image) {}
}
