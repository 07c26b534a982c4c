package dev.hourglass.architecture.primitive;

import dev.hourglass.architecture.primitive.ParameterSpec.Start;
import java.util.List;

/**
 * The operations that parts are defined on. What flows is open, so one definition serves to compute
 * (tensors) and to count (shapes, see {@link Ledger}).
 *
 * <p>Activations are channels-last, {@code [h, w, c]} or {@code [h, w, heads, d]} for each image;
 * weights are {@code [out, in]} as in checkpoints.
 *
 * @param <T> what flows
 */
public interface Primitives<T> {

  /** The same operations on the parameters whose names begin with {@code name} and a dot. */
  Primitives<T> in(String name);

  /** The same operations, where parameters train at a third of the learning rate. */
  Primitives<T> slow();

  /** A parameter of this place, declared where it is used; the same name is the same parameter. */
  T declare(String name, Start start, boolean decays, long... shape);

  /** A parameter that weight decay acts on. */
  default T weight(String name, Start start, long... shape) {
    return declare(name, start, true, shape);
  }

  /** A parameter that weight decay leaves alone. */
  default T parameter(String name, Start start, long... shape) {
    return declare(name, start, false, shape);
  }

  /**
   * {@code 1 + W cond} for each image, {@code [1, 1, channels]}: the scale of a conditioned norm.
   * {@code W} starts at zero, decays and trains slowly.
   */
  T conditionedScale(String name, long channels);

  /** The size of an axis; -1 is the last, the channels. */
  long size(T x, int axis);

  /** Applies a part. An interpretation that knows the whole of it need not look inside. */
  default T apply(Part part, T x) {
    return part.apply(this, x);
  }

  /** Applies a residual block: a part whose inside may be computed again in the backward pass. */
  default T block(Part block, T x) {
    return apply(block, x);
  }

  /** Joins the tokens from below with those of the skip. */
  default T join(BinaryPart join, T skip, T x) {
    return join.apply(this, skip, x);
  }

  /** {@code x W^T}. */
  T linear(T x, T weight);

  /** {@code x / sqrt(mean(x^2) + 1e-6) * scale} over the channels. */
  T rmsNorm(T x, T scale);

  T add(T a, T b);

  T multiply(T a, T b);

  /** The two halves of the channels. */
  List<T> halves(T x);

  /** A function of each number. */
  T map(Elementwise function, T x);

  /** {@code [cos f, sin f]} with {@code f = 2 pi x W^T}. */
  T fourier(T x, T frequencies);

  /** The row of the table that each class names. */
  T embedding(T classes, T table);

  /** {@code [h, w, parts * heads * d]} to parts of {@code [h, w, heads, d]}. */
  List<T> heads(T x, int parts, int heads);

  /** {@code [h, w, heads, d] -> [h, w, heads * d]}. */
  T joinHeads(T x);

  /**
   * {@code sqrt(scale) * x / sqrt(sum(x^2) + 1e-6)} over the channels of a head: products of such
   * vectors are scaled cosines.
   *
   * @param scale {@code [heads]}
   */
  T cosineScale(T x, T scale);

  /**
   * Axial rotary positions: turns pairs of channels by the token's row and column times a
   * frequency.
   *
   * @param frequencies {@code [heads, d/8]}
   * @param exactAngles whether angles are computed in float64 instead of float32
   */
  T rotate(T x, T frequencies, boolean exactAngles);

  /** {@code softmax(q k^T) v} over the keys of the pattern, {@code [h, w, heads, d]} each. */
  T attend(T q, T k, T v, AttentionPattern pattern);

  /**
   * Joins patches of tokens to one and projects it: {@code [h, w, c] -> [h/rows, w/columns, out]}.
   */
  T merge(T x, T weight, int rows, int columns);

  /**
   * Projects each token and splits it: {@code [h, w, c] -> [h*rows, w*columns, out/rows/columns]}.
   */
  T split(T x, T weight, int rows, int columns);

  /** {@code skip + factor * (x - skip)}. */
  T lerp(T skip, T x, T factor);

  /** Drops activations in training. */
  T dropout(T x, DropoutPlace place);
}
