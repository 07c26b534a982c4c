package dev.hourglass.ops;

import dev.hourglass.architecture.primitive.DropoutPlace;
import dev.hourglass.architecture.primitive.Primitives;
import org.bytedeco.pytorch.Tensor;

/** Primitive operations on tensors, and what a kernel for a whole part needs besides. */
public interface TensorPrimitives extends Primitives<Tensor> {

  /** The rotary table for the grid of {@code x}, {@code [n, h, w, ...]}. */
  RotaryTable rotary(Tensor x, Tensor frequencies, boolean exactAngles);

  /** The dropout of this pass at that place. */
  Dropout dropout(DropoutPlace place);
}
