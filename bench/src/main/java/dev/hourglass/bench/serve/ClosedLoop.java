package dev.hourglass.bench.serve;

import dev.hourglass.client.Drawn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that each ask for the next image as soon as they have the last. What lies partly between
 * the warm-up and the end counts for that part: many clients are answered in waves, and whole waves
 * would be a coarse measure.
 */
final class ClosedLoop {

  /** One request. */
  @FunctionalInterface
  interface Request {
    /**
     * Draws.
     *
     * @param number of the request, unlike all others of this loop
     */
    Drawn draw(long number) throws InterruptedException;
  }

  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private final List<Answer> answers = Collections.synchronizedList(new ArrayList<>());
  private final List<String> reasons = Collections.synchronizedList(new ArrayList<>());
  private final Request request;
  private volatile boolean measuring;
  private volatile boolean over;

  /** Times are of {@link System#nanoTime}. */
  private record Answer(long start, long end, int images) {

    /** Images of the part between two times. */
    double imagesBetween(long from, long to) {
      double part = Math.max(0, Math.min(end, to) - Math.max(start, from));
      return images * part / (end - start);
    }
  }

  ClosedLoop(Request request) {
    this.request = request;
  }

  /**
   * Runs for warm-up and measurement together.
   *
   * @param clients at least 1
   */
  LoadResult run(int clients, double warmUp, double seconds) throws InterruptedException {
    List<Thread> threads = start(clients);
    sleep(warmUp);
    measuring = true;
    long start = System.nanoTime();
    sleep(seconds);
    measuring = false;
    long end = System.nanoTime();
    over = true;
    for (Thread thread : threads) {
      thread.join();
    }
    return new LoadResult(
        clients,
        answers.stream().mapToDouble(answer -> answer.imagesBetween(start, end)).sum(),
        (end - start) / 1e9,
        Latencies.of(
            answers.stream()
                .filter(answer -> answer.end() - start >= 0 && answer.end() - end < 0)
                .map(answer -> (answer.end() - answer.start()) / 1e9)
                .toList()),
        errors.get(),
        List.copyOf(reasons));
  }

  /** Starts clients that go on until they are stopped. */
  List<Thread> start(int clients) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      threads.add(Thread.ofVirtual().start(this::askOn));
    }
    return threads;
  }

  static void stop(List<Thread> threads) throws InterruptedException {
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void askOn() {
    try {
      while (!over && !Thread.currentThread().isInterrupted()) {
        ask();
      }
    } catch (InterruptedException e) {
      // The run is over.
    }
  }

  private void ask() throws InterruptedException {
    long start = System.nanoTime();
    try {
      Drawn drawn = request.draw(numbers.getAndIncrement());
      answers.add(new Answer(start, System.nanoTime(), drawn.images().size()));
    } catch (RuntimeException e) { // a refusal, a lost connection, or a mistake of our own
      if (measuring) {
        errors.incrementAndGet();
        if (reasons.size() < LoadResult.REASONS) {
          reasons.add(String.valueOf(e.getMessage()));
        }
      }
      sleep(0.1); // A server that refuses at once must not be asked without pause.
    }
  }

  private static void sleep(double seconds) throws InterruptedException {
    Thread.sleep((long) (seconds * 1000));
  }
}
