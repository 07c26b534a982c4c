package dev.hourglass.data;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Computes something for each of many numbers on several threads, and hands the results on in the
 * order of the numbers, on the caller's thread. What is made of them so does not depend on the
 * threads. A few results for each thread wait at most, however many numbers there are.
 */
public final class InOrder {

  /** A slow image in front shall not keep the other threads waiting. */
  private static final int WAITING_PER_THREAD = 8;

  private InOrder() {}

  /**
   * Computes for the numbers from {@code from} up to but without {@code to}.
   *
   * @param threads at least 1
   * @param compute on one of the threads; what it throws ends the whole and is thrown here
   * @param take on the caller's thread, in order
   */
  public static <T> void forEach(
      int from, int to, int threads, IntFunction<T> compute, Consumer<T> take) {
    ExecutorService workers =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("image-worker-", 0).factory());
    try {
      Deque<Future<T>> waiting = new ArrayDeque<>();
      int next = from;
      while (next < to || !waiting.isEmpty()) {
        while (next < to && waiting.size() < threads * WAITING_PER_THREAD) {
          int number = next++;
          waiting.add(workers.submit(() -> compute.apply(number)));
        }
        take.accept(result(waiting.remove()));
      }
    } finally {
      workers.shutdownNow();
    }
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException exception -> throw exception;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException("Reading an image failed.", e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for images.", e);
    }
  }
}
