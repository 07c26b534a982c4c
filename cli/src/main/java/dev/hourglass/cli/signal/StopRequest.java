package dev.hourglass.cli.signal;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C or SIGTERM while something runs that must be saved: asks it to stop, and holds the process
 * until it is saved and this is closed.
 */
public final class StopRequest implements AutoCloseable {

  /** For the last lines of the main thread, which cannot end the process once a signal does. */
  private static final int MILLIS_FOR_LAST_WORDS = 300;

  private final PrintWriter err;
  private final String sentence;
  private final CountDownLatch saved = new CountDownLatch(1);
  private final Thread hook = new Thread(this::awaitSaved, "stop-request");
  private volatile boolean received;

  /**
   * Listens from now on.
   *
   * @param err gets the sentence when a signal arrives
   */
  public StopRequest(PrintWriter err, String sentence) {
    this.err = err;
    this.sentence = sentence;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Whether to stop. */
  public boolean received() {
    return received;
  }

  private void awaitSaved() {
    received = true;
    err.println();
    err.println(sentence);
    err.flush();
    try {
      saved.await();
      TimeUnit.MILLISECONDS.sleep(MILLIS_FOR_LAST_WORDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    saved.countDown();
    if (!received) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The signal came just now: the hook runs and finds the run saved.
        return;
      }
    }
  }
}
