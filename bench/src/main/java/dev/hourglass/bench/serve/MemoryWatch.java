package dev.hourglass.bench.serve;

import java.time.Duration;

/** Asks every few seconds how much memory the server's process holds. */
final class MemoryWatch implements AutoCloseable {

  private final Timeline bytes = new Timeline();
  private final Thread thread;

  MemoryWatch(ServerMetrics metrics, Duration pause) {
    long start = System.nanoTime();
    thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (true) {
                      metrics
                          .residentBytes()
                          .ifPresent(value -> bytes.add((System.nanoTime() - start) / 1e9, value));
                      Thread.sleep(pause);
                    }
                  } catch (InterruptedException e) {
                    // Closed.
                  }
                });
  }

  /** Bytes over time. */
  Timeline bytes() {
    return bytes;
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
