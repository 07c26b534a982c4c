package dev.hourglass.architecture.primitive;

import java.util.List;
import java.util.Optional;

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

  /** What a norm at this place takes from the conditioning, {@code [1, 1, channels]} each. */
  List<T> modulation(Modulation kind, long channels);

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
  default T linear(T x, T weight) {
    return linear(x, weight, Optional.empty());
  }

  /** {@code x W^T + b}. */
  T linear(T x, T weight, Optional<T> bias);

  /** {@code x / sqrt(mean(x^2) + 1e-6) * scale} over the channels. */
  T rmsNorm(T x, T scale);

  /** {@code (x - mean) / sqrt(variance + 1e-6) * (1 + scale) + shift} over the channels. */
  T layerNorm(T x, T shift, T scale);

  T add(T a, T b);

  T multiply(T a, T b);

  /** {@code factor * x}. */
  T scaled(T x, double factor);

  /** The mean of tensors of one shape. */
  T mean(List<T> parts);

  /** The channels of {@code a}, then those of {@code b}. */
  T concat(T a, T b);

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

  /** Each head times a number of its own, {@code [h, w, heads, d]} by {@code [heads]}. */
  T perHead(T x, T factors);

  /** The sum of squares over the channels of a head, {@code [h, w, heads, 1]}. */
  T squaredNorm(T x);

  /** The sine-cosine table of these tokens' grid, {@code [1, h, w, c]} (docs/model.md, 3.10). */
  T sineCosine(String name, T tokens);

  /** The means over {@code rows x columns} equal blocks of the grid. */
  T blockMeans(T x, int rows, int columns);

  /**
   * {@code softmax(logits) v} over the keys of the pattern. Only where all tokens see each other
   * may queries and keys be on different grids.
   *
   * @param v {@code [h, w, heads, d]}, on the grid of the keys
   */
  T attend(Logits<T> logits, T v, AttentionPattern pattern);

  /**
   * {@code A^+ v} with {@code A} the softmax of the logits of all landmarks and {@code A^+} its
   * pseudo-inverse by six iterations (Xiong et al. 2021).
   */
  T unmix(Logits<T> landmarks, T v);

  /**
   * Joins patches of tokens to one and projects it: {@code [h, w, c] -> [h/rows, w/columns, out]}.
   */
  T merge(T x, T weight, int rows, int columns);

  /**
   * Projects each token and splits it: {@code [h, w, c] -> [h*rows, w*columns, out/rows/columns]}.
   */
  T split(T x, T weight, int rows, int columns);

  /** {@code skip + factor * (x - skip)}; the factor is one number, one a channel, or one each. */
  T lerp(T skip, T x, T factor);

  /** Drops activations in training. */
  T dropout(T x, DropoutPlace place);
}
