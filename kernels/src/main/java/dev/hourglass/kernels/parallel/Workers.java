package dev.hourglass.kernels.parallel;

import dev.hourglass.kernels.KernelActivity;
import dev.hourglass.kernels.memory.Scratch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads that all kernels share. A kernel splits its work into items in a way that depends on
 * the shapes alone, never on the number of threads, and no two items write the same place; so
 * results are the same for any number of threads.
 *
 * <p>The calling thread works too. Workers spin briefly between two calls and then sleep.
 */
@KernelActivity(KernelActivity.Kind.WAITING)
public final class Workers {

  /** A part of a kernel's work. */
  @FunctionalInterface
  public interface Work {
    /** Does item {@code item}, with memory that is its own until it returns. */
    void run(int item, Scratch scratch);
  }

  /** Whether this thread is inside a work item. */
  private static final ThreadLocal<Boolean> WORKING = ThreadLocal.withInitial(() -> false);

  private static final int SPINS = 4000;
  private static final long NAP_NANOS = 50_000_000;

  private static volatile Workers shared = new Workers(Runtime.getRuntime().availableProcessors());

  private final Thread[] threads;
  private final Scratch callerScratch = new Scratch();
  private final AtomicInteger nextItem = new AtomicInteger();
  private final AtomicInteger finished = new AtomicInteger();
  private final AtomicInteger round = new AtomicInteger();
  private volatile boolean stopped;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private Work work;
  private int items;

  private Workers(int count) {
    threads = new Thread[count - 1];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = Thread.ofPlatform().daemon().name("hourglass-" + (i + 1)).unstarted(this::serve);
      threads[i].start();
    }
  }

  /** The process's workers: at first, one for each processor. */
  public static Workers shared() {
    return shared;
  }

  /** Changes how many threads compute; call it between kernels. */
  public static synchronized void setThreads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("threads must be at least 1, got " + count);
    }
    if (count != shared.count()) {
      Workers old = shared;
      shared = new Workers(count);
      old.stop();
    }
  }

  /** Threads that compute, the caller's included. */
  public int count() {
    return threads.length + 1;
  }

  /**
   * Runs {@code work} for the items {@code 0 .. count - 1}, in no particular order, and returns
   * when all are done. Work must not call this method itself.
   *
   * @throws RuntimeException or error, the first that an item threw
   */
  public void run(int count, Work newWork) {
    if (WORKING.get()) {
      throw new IllegalStateException("kernels do not nest");
    }
    runAlone(count, newWork);
  }

  private synchronized void runAlone(int count, Work newWork) {
    try {
      work = newWork;
      items = count;
      nextItem.set(0);
      finished.set(0);
      if (count > 1) {
        round.incrementAndGet();
        for (Thread thread : threads) {
          LockSupport.unpark(thread);
        }
      }
      doItems(callerScratch);
      while (count > 1 && finished.get() < threads.length) {
        Thread.onSpinWait();
      }
      rethrow();
    } finally {
      work = null;
      failure.set(null);
    }
  }

  private void serve() {
    Scratch scratch = new Scratch();
    int seen = 0;
    while (!stopped) {
      for (int spins = 0; round.get() == seen && !stopped; spins++) {
        if (spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.parkNanos(this, NAP_NANOS);
        }
      }
      if (round.get() != seen) {
        seen = round.get();
        doItems(scratch);
        finished.incrementAndGet();
      }
    }
  }

  private void doItems(Scratch scratch) {
    WORKING.set(true);
    try {
      for (int item = nextItem.getAndIncrement(); item < items; item = nextItem.getAndIncrement()) {
        scratch.reset();
        work.run(item, scratch);
      }
    } catch (Throwable t) {
      failure.compareAndSet(null, t);
      nextItem.set(items);
    } finally {
      WORKING.set(false);
    }
  }

  private void rethrow() {
    switch (failure.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable t -> throw new IllegalStateException(t);
    }
  }

  private void stop() {
    stopped = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
  }
}
