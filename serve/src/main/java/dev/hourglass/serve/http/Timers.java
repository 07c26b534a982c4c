package dev.hourglass.serve.http;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/** The timers of a request, which end with it; on the event loop. */
final class Timers {

  private final Vertx vertx;
  private final List<Long> running = new ArrayList<>();
  private boolean cancelled;

  Timers(Vertx vertx) {
    this.vertx = vertx;
  }

  void once(long millis, Runnable action) {
    if (!cancelled) {
      running.add(vertx.setTimer(millis, _ -> action.run()));
    }
  }

  void each(long millis, Runnable action) {
    if (!cancelled) {
      running.add(vertx.setPeriodic(millis, _ -> action.run()));
    }
  }

  void cancel() {
    cancelled = true;
    running.forEach(vertx::cancelTimer);
    running.clear();
  }
}
