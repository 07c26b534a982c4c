package dev.hourglass.ops;

import dev.hourglass.architecture.primitive.AttentionPattern;
import dev.hourglass.architecture.primitive.BinaryPart;
import dev.hourglass.architecture.primitive.Elementwise;
import dev.hourglass.architecture.primitive.Part;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * The operations that the network is computed with. A provider implements these, and may take over
 * whole parts of the network (see {@link #fused}). All providers agree with {@link ReferenceOps}
 * within rounding.
 *
 * <p>Activations are channels-last, {@code [n, h, w, c]}; weights are {@code [out, in]} as in the
 * checkpoint. Every operation is differentiable and leaves its inputs unchanged.
 */
public interface Ops {

  /** Added to mean or sum of squares before the root. */
  double EPSILON = 1e-6;

  /** What the log calls this provider. */
  String name();

  /**
   * The result of a part of the network, where the provider has a kernel for the whole of it: for
   * its parts, as they are combined there. Empty where its definition has to be followed.
   *
   * @param on gives the part's parameters
   */
  default Optional<Tensor> fused(Part part, TensorPrimitives on, Tensor x) {
    return Optional.empty();
  }

  /** The same for the join with a skip. */
  default Optional<Tensor> fused(BinaryPart join, TensorPrimitives on, Tensor skip, Tensor x) {
    return Optional.empty();
  }

  /** {@code x W^T}: {@code [..., in] -> [..., out]}. */
  Tensor linear(Tensor x, Tensor weight);

  /**
   * {@code x / sqrt(mean(x^2) + 1e-6) * scale} over the last axis, statistics in at least float32.
   *
   * @param scale broadcasts against x: {@code [c]}, or {@code [n, 1, 1, c]} for a conditioned norm
   */
  Tensor rmsNorm(Tensor x, Tensor scale);

  /**
   * The scales of conditioned norms, {@code 1 + cond W^T} for the weight of each (docs/model.md,
   * 4.1). They decide everything that follows and cost little, so they are computed in the weights'
   * own precision.
   *
   * @param cond {@code [m, k]}
   * @param weights {@code [c, k]} each
   * @return {@code [m, 1, 1, c]} for each weight
   */
  List<Tensor> normScales(Tensor cond, List<Tensor> weights);

  /** A function of each number. */
  Tensor map(Elementwise function, Tensor x);

  /**
   * {@code a * gelu(g)} with {@code (a, g)} the halves of {@code x W^T}, and the exact, erf-based
   * GELU.
   */
  Tensor geglu(Tensor x, Tensor upWeight);

  /**
   * {@code sqrt(scale) * x / sqrt(sum(x^2) + 1e-6)}, {@code [n, h, w, heads, d]}: products of such
   * vectors are scaled cosines.
   *
   * @param scale {@code [heads]}
   */
  Tensor cosineScale(Tensor x, Tensor scale);

  /**
   * Rotates the pairs (first quarter, second quarter) of the channels, {@code [n, h, w, heads, d]};
   * the other half passes.
   */
  Tensor rotate(Tensor x, RotaryTable rotary);

  /** {@code softmax(q k^T) v} over the keys of the pattern, {@code [n, h, w, heads, d]} each. */
  Tensor attend(Tensor q, Tensor k, Tensor v, AttentionPattern pattern);

  /**
   * Cosine-similarity attention with rotary positions: q and k are scaled to {@code sqrt(scale) * v
   * / sqrt(sum(v^2) + 1e-6)} and rotated, then {@code softmax(q k^T) v} over the keys of the
   * pattern.
   *
   * @param qkv {@code [n, h, w, 3 * heads * d]}: q, k, v; then head; then channel
   * @param scale {@code [heads]}
   * @return {@code [n, h, w, heads * d]}
   */
  Tensor attention(Tensor qkv, Tensor scale, RotaryTable rotary, AttentionPattern pattern);

  /**
   * Joins patches of {@code ph x pw} tokens (row, column, channel) to one: {@code [n, h, w, c] ->
   * [n, h/ph, w/pw, out]}.
   */
  Tensor merge(Tensor x, Tensor weight, int ph, int pw);

  /**
   * Splits each token into {@code ph x pw}: {@code [n, h, w, c] -> [n, h*ph, w*pw, out / (ph*pw)]}.
   */
  Tensor split(Tensor x, Tensor weight, int ph, int pw);

  /** {@code skip + factor * (x - skip)}, with a learned factor {@code [1]}. */
  Tensor lerp(Tensor skip, Tensor x, Tensor factor);

  /** {@link #split} and then {@link #lerp} with the skip of the finer level. */
  default Tensor splitLerp(Tensor skip, Tensor x, Tensor weight, int ph, int pw, Tensor factor) {
    return lerp(skip, split(x, weight, ph, pw), factor);
  }

  /**
   * The paper's residual attention block on given weights, to try a kernel by itself; a network
   * follows {@link dev.hourglass.architecture.AttentionBlock}. {@code normScale} is {@code 1 + W
   * cond}, {@code [n, 1, 1, c]}.
   */
  default Tensor attentionBlock(
      Tensor x,
      Tensor normScale,
      AttentionWeights weights,
      RotaryTable rotary,
      AttentionPattern pattern,
      Dropout dropout) {
    Tensor qkv = linear(rmsNorm(x, normScale), weights.qkv());
    Tensor attended = dropout.apply(attention(qkv, weights.scale(), rotary, pattern));
    return x.add(linear(attended, weights.out()));
  }

  /**
   * The paper's residual feed-forward block on given weights; a network follows {@link
   * dev.hourglass.architecture.FeedForward}. {@code normScale} as above, or {@code [c]}.
   */
  default Tensor feedForwardBlock(
      Tensor x, Tensor normScale, FeedForwardWeights weights, Dropout dropout) {
    Tensor hidden = dropout.apply(geglu(rmsNorm(x, normScale), weights.up()));
    return x.add(linear(hidden, weights.down()));
  }

  /**
   * The weights of an attention block.
   *
   * @param qkv {@code [3 * c, c]}
   * @param scale {@code [heads]}
   * @param out {@code [c, c]}
   */
  record AttentionWeights(Tensor qkv, Tensor scale, Tensor out) {}

  /**
   * The weights of a feed-forward block.
   *
   * @param up {@code [2 * d_ff, c]}
   * @param down {@code [c, d_ff]}
   */
  record FeedForwardWeights(Tensor up, Tensor down) {}
}
