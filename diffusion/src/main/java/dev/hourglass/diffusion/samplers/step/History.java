package dev.hourglass.diffusion.samplers.step;

import dev.hourglass.tensor.Scope;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.bytedeco.pytorch.Tensor;

/**
 * The latest few tensors of a run, kept beyond the scope of the step that made them and freed as
 * soon as newer ones push them out. That keeps the memory of a sampler the same at every step.
 */
public final class History implements AutoCloseable {

  private final int capacity;
  private final Deque<Tensor> latest = new ArrayDeque<>();

  public History(int capacity) {
    this.capacity = capacity;
  }

  public int size() {
    return latest.size();
  }

  /** The tensor pushed {@code age} pushes before the newest. */
  public Tensor get(int age) {
    Iterator<Tensor> tensors = latest.iterator();
    for (int i = 0; i < age; i++) {
      tensors.next();
    }
    return tensors.next();
  }

  /** Keeps a tensor; its handle in the present scope may be freed. */
  public void push(Tensor tensor) {
    if (capacity == 0) {
      return;
    }
    latest.addFirst(Scope.own(new Tensor(tensor)));
    if (latest.size() > capacity) {
      latest.removeLast().close();
    }
  }

  /** Frees all that is kept. */
  public void clear() {
    latest.forEach(Tensor::close);
    latest.clear();
  }

  @Override
  public void close() {
    clear();
  }
}
