package dev.hourglass.serve.batch;

import dev.hourglass.sampling.denoise.Evaluation;
import dev.hourglass.sampling.denoise.Evaluator;
import dev.hourglass.tensor.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Computes what the samplers of all requests wait for, pass after pass, on one thread of its own: a
 * sampler's run is a thread that waits here whenever it evaluates its model. The kernels compute
 * each image by itself, so an image is the same to the bit whatever it shares a pass with.
 *
 * <p>What fails in a pass is computed once more by itself, so that the fault of one request reaches
 * no other.
 */
public final class Batcher implements AutoCloseable {

  /** Of the time of a pass, to wait for those who were in it. */
  private static final double SHARE_TO_WAIT = 0.5;

  private static final long LONGEST_WAIT = 20_000_000;

  private final PassListener listener;
  private final Runnable onStart;
  private final Thread thread;
  private final Object lock = new Object();

  /** In order of arrival; guarded by the lock. */
  private final List<Waiting> waiting = new ArrayList<>();

  /** All that have work, whether they wait here now or not; guarded by the lock. */
  private final Set<Share> active = new HashSet<>();

  /** What runs between passes; guarded by the lock. */
  private final List<Runnable> alone = new ArrayList<>();

  /** The clock of the share that was served last; guarded by the lock. */
  private long present;

  /** Those of the last pass, and until when the next one waits for them; guarded by the lock. */
  private List<Waiting> last = List.of();

  private long waitUntil;

  private boolean closed;

  /**
   * Starts to compute.
   *
   * @param onStart run once on the thread that computes, which sets the threads of libtorch
   */
  public Batcher(PassListener listener, Runnable onStart) {
    this.listener = listener;
    this.onStart = onStart;
    this.thread = Thread.ofPlatform().daemon().name("hourglass-batcher").start(this::serve);
  }

  /** A model as a request sees it: each evaluation waits for a pass. */
  public Evaluator evaluator(BatchedModel model, Share share) {
    return evaluation -> Scope.handToCurrentScope(await(model, share, evaluation));
  }

  private Tensor await(BatchedModel model, Share share, Evaluation evaluation) {
    Waiting entry = new Waiting(model, share, evaluation, new CompletableFuture<>());
    synchronized (lock) {
      share.requireGoingOn();
      requireOpen();
      if (waiting.stream().noneMatch(other -> other.share() == share)) {
        share.joinAt(present);
      }
      waiting.add(entry);
      lock.notifyAll();
    }
    return result(entry.result());
  }

  private static <T> T result(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        default -> throw e;
      }
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the batcher is closed");
    }
  }

  /** A share has work from now on. */
  public void join(Share share) {
    synchronized (lock) {
      active.add(share);
    }
  }

  /** A share has no work any more. */
  public void leave(Share share) {
    synchronized (lock) {
      active.remove(share);
      lock.notifyAll();
    }
  }

  /** Gives up all work of a share: what waits ends now, what is computed after its pass. */
  public void stop(Share share, RuntimeException why) {
    List<Waiting> ended;
    synchronized (lock) {
      share.stop(why);
      ended = waiting.stream().filter(each -> each.share() == share).toList();
      waiting.removeAll(ended);
    }
    ended.forEach(each -> each.result().completeExceptionally(share.reason()));
  }

  /** Runs something on the thread that computes, while nothing else does. */
  public <T> T runAlone(Supplier<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    synchronized (lock) {
      requireOpen();
      alone.add(
          () -> {
            try {
              result.complete(work.get());
            } catch (Throwable t) {
              result.completeExceptionally(t);
            }
          });
      lock.notifyAll();
    }
    return result(result);
  }

  private void serve() {
    onStart.run();
    try (NoGradGuard _ = new NoGradGuard()) {
      for (Runnable next = next(); next != null; next = next()) {
        next.run();
      }
    }
  }

  /** Waits for more: for anything, or a moment for those of the last pass. */
  @SuppressWarnings("WaitNotInLoop") // The caller loops.
  private void pause() throws InterruptedException {
    if (waiting.isEmpty()) {
      lock.wait();
    } else {
      long nanos = Math.max(1000, waitUntil - System.nanoTime());
      lock.wait(nanos / 1_000_000, (int) (nanos % 1_000_000));
    }
  }

  /**
   * Whether the next pass can begin. Those of the last one come back soon, when their samplers have
   * made their step: a pass that did not wait for them would be too small, and if others fill it,
   * they would miss every second one.
   */
  private boolean isFull() {
    if (waiting.isEmpty()) {
      return false;
    }
    return System.nanoTime() >= waitUntil
        || last.stream()
            .map(Waiting::share)
            .distinct()
            .allMatch(share -> !active.contains(share) || waitsAsOften(share));
  }

  private boolean waitsAsOften(Share share) {
    return waiting.stream().filter(each -> each.share() == share).count()
        >= last.stream().filter(each -> each.share() == share).count();
  }

  /** Waits for work; null when there will be none. */
  private Runnable next() {
    synchronized (lock) {
      while (!closed && alone.isEmpty() && !isFull()) {
        try {
          pause();
        } catch (InterruptedException e) {
          closed = true;
        }
      }
      if (closed) {
        return null;
      }
      if (!alone.isEmpty()) {
        return alone.removeFirst();
      }
      List<Waiting> pass = NextPass.of(waiting, active);
      waiting.removeAll(pass);
      present = Math.max(present, pass.getFirst().share().clock());
      pass.forEach(each -> each.share().charge(each.images()));
      last = pass;
      return () -> compute(pass);
    }
  }

  private void compute(List<Waiting> pass) {
    long start = System.nanoTime();
    try {
      evaluate(pass);
    } catch (Throwable together) {
      if (pass.size() == 1) {
        pass.getFirst().result().completeExceptionally(together);
      } else {
        pass.forEach(each -> compute(List.of(each)));
      }
      return;
    }
    long nanos = System.nanoTime() - start;
    synchronized (lock) {
      waitUntil = System.nanoTime() + Math.clamp((long) (SHARE_TO_WAIT * nanos), 0, LONGEST_WAIT);
    }
    listener.computed(pass.stream().mapToInt(Waiting::images).sum(), nanos / 1e9);
  }

  private static void evaluate(List<Waiting> pass) {
    List<Tensor> results = new ArrayList<>();
    try (PointerScope scope = new PointerScope()) {
      Tensor all =
          pass.getFirst().model().evaluate(pass.stream().map(Waiting::evaluation).toList());
      long from = 0;
      for (Waiting each : pass) {
        results.add(Scope.own(all.narrow(0, from, each.images()).clone()));
        from += each.images();
      }
    } catch (Throwable t) {
      results.forEach(Tensor::close);
      throw t;
    }
    for (int i = 0; i < pass.size(); i++) {
      if (!pass.get(i).result().complete(results.get(i))) {
        results.get(i).close();
      }
    }
  }

  /** Ends; whoever waits is told so. */
  @Override
  public void close() {
    List<Waiting> left;
    synchronized (lock) {
      closed = true;
      left = List.copyOf(waiting);
      waiting.clear();
      lock.notifyAll();
    }
    left.forEach(
        each ->
            each.result()
                .completeExceptionally(new IllegalStateException("the batcher is closed")));
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
