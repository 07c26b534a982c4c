package dev.hourglass.autograd;

import java.util.ArrayList;
import java.util.List;

/**
 * Owns what the native autograd graph needs from Java for one forward and backward pass: the graph
 * refers to Java operations only weakly, so a collected one would crash it. Open one around each
 * training step, on the thread that runs the forward pass; closing it cuts the graph, and a later
 * backward pass fails cleanly.
 */
public final class Tape implements AutoCloseable {

  private static final ThreadLocal<Tape> CURRENT = new ThreadLocal<>();

  private final Tape outer = CURRENT.get();
  private final List<OpCall> calls = new ArrayList<>();

  public Tape() {
    CURRENT.set(this);
  }

  static Tape current() {
    Tape tape = CURRENT.get();
    if (tape == null) {
      throw new IllegalStateException("a differentiable Java operation needs an open Tape");
    }
    return tape;
  }

  void add(OpCall call) {
    calls.add(call);
  }

  @Override
  public void close() {
    for (OpCall call : calls.reversed()) {
      call.dispose();
    }
    calls.clear();
    CURRENT.set(outer);
  }
}
