package dev.hourglass.ops;

import org.bytedeco.pytorch.Tensor;

/** Drops elements of an activation, and scales the rest so that the mean stays. */
@FunctionalInterface
public interface Dropout {

  /** No dropout: sampling, and rate 0. */
  Dropout NONE = x -> x;

  Tensor apply(Tensor x);
}
