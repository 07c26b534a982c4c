package dev.hourglass.tensor;

import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Who owns native memory. A tensor made inside a scope is freed when the scope ends; autograd keeps
 * what it needs by itself. So a block of the model, a training step and a sampler step each run in
 * a scope of their own, and only what they return lives on.
 */
public final class Scope {

  private Scope() {}

  /**
   * Runs {@code body} in a scope; what it makes is freed, but for its result, which the caller's
   * scope owns.
   */
  public static Tensor of(Supplier<Tensor> body) {
    Tensor result;
    try (PointerScope inner = new PointerScope()) {
      result = own(new Tensor(body.get()));
    }
    return handToCurrentScope(result);
  }

  /** Runs {@code body} in a scope and frees all it makes. */
  public static void run(Runnable body) {
    try (PointerScope inner = new PointerScope()) {
      body.run();
    }
  }

  /** Takes a fresh native object out of every scope: from now on the caller must close it. */
  public static <P extends Pointer> P own(P pointer) {
    pointer.retainReference();
    PointerScope current = PointerScope.getInnerScope();
    if (current != null) {
      current.detach(pointer);
    }
    return pointer;
  }

  /**
   * Gives an owned object to the innermost scope, which frees it; without a scope, the garbage
   * collector does.
   */
  public static <P extends Pointer> P handToCurrentScope(P pointer) {
    PointerScope current = PointerScope.getInnerScope();
    if (current != null) {
      current.attach(pointer);
      pointer.releaseReference();
    }
    return pointer;
  }
}
