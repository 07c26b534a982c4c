package dev.hourglass.serve.batch;

/** Hears of passes: for metrics. */
@FunctionalInterface
public interface PassListener {

  PassListener NONE = (images, seconds) -> {};

  /** A pass of so many images was computed in so many seconds. */
  void computed(int images, double seconds);
}
