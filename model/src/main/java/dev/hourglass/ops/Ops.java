package dev.hourglass.ops;

import dev.hourglass.architecture.primitive.AttentionPattern;
import dev.hourglass.architecture.primitive.BinaryPart;
import dev.hourglass.architecture.primitive.Elementwise;
import dev.hourglass.architecture.primitive.Logits;
import dev.hourglass.architecture.primitive.Modulation;
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
  default Tensor linear(Tensor x, Tensor weight) {
    return linear(x, weight, Optional.empty());
  }

  /** {@code x W^T + b}, with {@code b} of {@code [out]}. */
  Tensor linear(Tensor x, Tensor weight, Optional<Tensor> bias);

  /**
   * {@code x / sqrt(mean(x^2) + 1e-6) * scale} over the last axis, statistics in at least float32.
   *
   * @param scale broadcasts against x: {@code [c]}, or {@code [n, 1, 1, c]} for a conditioned norm
   */
  Tensor rmsNorm(Tensor x, Tensor scale);

  /**
   * {@code (x - mean) / sqrt(variance + 1e-6) * (1 + scale) + shift} over the last axis, statistics
   * in at least float32.
   *
   * @param shift broadcasts against x: {@code [n, 1, 1, c]}
   * @param scale the same
   */
  Tensor layerNorm(Tensor x, Tensor shift, Tensor scale);

  /**
   * What norms take from the conditioning (docs/model.md, 4.1), for the layer of each. It decides
   * everything that follows and costs little, so it is computed in the weights' own precision; and
   * where no gradients are recorded each of the m by itself, so that an image does not depend on
   * those beside it.
   *
   * @param cond {@code [m, k]}
   * @param layers of the norms
   * @return {@code [m, 1, 1, rows * c]} for each norm
   */
  List<Tensor> modulations(Modulation kind, Tensor cond, List<ModulationLayer> layers);

  /**
   * The linear layer of a conditioned norm.
   *
   * @param weight {@code [rows * c, k]}
   * @param bias {@code [rows * c]}, where the modulation is affine
   */
  record ModulationLayer(Tensor weight, Optional<Tensor> bias) {}

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

  /** The sum of squares over the last axis, which stays as one, in at least float32. */
  Tensor squaredNorm(Tensor x);

  /** Means over equal blocks: {@code [n, h, w, heads, d] -> [n, rows, columns, heads, d]}. */
  Tensor blockMeans(Tensor x, int rows, int columns);

  /**
   * {@code softmax(logits) v} over the keys of the pattern, {@code [n, h, w, heads, d]} each. With
   * the global pattern, keys and values may be on another grid than queries.
   */
  Tensor attend(Logits<Tensor> logits, Tensor v, AttentionPattern pattern);

  /** The same of products alone. */
  default Tensor attend(Tensor q, Tensor k, Tensor v, AttentionPattern pattern) {
    return attend(Logits.ofProducts(q, k), v, pattern);
  }

  /**
   * {@code A^+ v} with {@code A} the softmax of the logits of all landmarks, {@code [n, rows,
   * columns, heads, d]} each, and {@code A^+} its pseudo-inverse by six iterations.
   */
  Tensor unmix(Logits<Tensor> landmarks, Tensor v);

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

  /** {@code skip + factor * (x - skip)}, with a factor that broadcasts against them. */
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
