package dev.hourglass.serve.batch;

import java.util.concurrent.atomic.AtomicReference;

/**
 * A request's share of the machine. All that have something to compute get as much, whether they
 * want one image or sixty-four: the one that has had least comes first (start-time fair queueing,
 * Goyal et al., 1996).
 */
public final class Share {

  private final int places;

  /** Images evaluated for it, and for others before it came. Guarded by the batcher. */
  private long clock;

  /** Images of its last evaluation. Guarded by the batcher. */
  private int evaluated = 1;

  private final AtomicReference<RuntimeException> stopped = new AtomicReference<>();

  /**
   * @param places evaluations that it may wait for at a time
   */
  public Share(int places) {
    this.places = places;
  }

  /** Images of the largest pass that it could fill alone. */
  int width() {
    return places * evaluated;
  }

  long clock() {
    return clock;
  }

  /** A share that has waited is not owed the time when it wanted nothing. */
  void joinAt(long present) {
    clock = Math.max(clock, present);
  }

  void charge(int images) {
    clock += images;
    evaluated = images;
  }

  /** Keeps the first reason. */
  void stop(RuntimeException why) {
    stopped.compareAndSet(null, why);
  }

  /** Whether its work was given up. */
  public boolean isStopped() {
    return stopped.get() != null;
  }

  /** Why its work was given up; null if it was not. */
  RuntimeException reason() {
    return stopped.get();
  }

  /** Throws the reason, if its work was given up. */
  public void requireGoingOn() {
    RuntimeException why = stopped.get();
    if (why != null) {
      throw why;
    }
  }
}
