package dev.hourglass.kernels.resample;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.memory.Scratch;
import dev.hourglass.kernels.product.Sums;

/**
 * How split tokens come together with the skip of their level (docs/model.md, 1.4). Rows are of
 * fine tokens, dense.
 */
public sealed interface Mix {

  /** Whether there is a skip. */
  default boolean hasSkip() {
    return true;
  }

  /** The result y of {@code tokens} tokens x, {@code [tokens, channels]} each. */
  void forward(long skip, long x, long y, int tokens, int channels);

  /**
   * What the gradient of the split tokens is before {@link #scale}, from that of the result.
   *
   * @return yGradient itself, or rows in scratch
   */
  default long splitGradient(long yGradient, int tokens, int channels, Scratch scratch) {
    return yGradient;
  }

  /** Scales what came of that gradient. */
  default void scale(long x, int count) {}

  /**
   * The gradient of the skip, and the share of the factors' gradient in {@code partial}, {@code
   * [channels]} doubles.
   */
  void skipGradient(
      long skip, long yGradient, long skipGradient, long partial, int tokens, int channels);

  /**
   * From the weight's gradient for split tokens as they are: the weight's own, in place, and that
   * of the factors, if there are any.
   *
   * @param weight {@code [out, in]}, the rows of a patch's tokens one after the other
   * @param partials {@code [parts, channels]} doubles of {@link #skipGradient}
   */
  default void finish(
      long weight,
      long weightGradient,
      int out,
      int in,
      int channels,
      long partials,
      int parts,
      long factorGradient) {}

  /** The split tokens as they are. */
  record Alone() implements Mix {
    @Override
    public boolean hasSkip() {
      return false;
    }

    @Override
    public void forward(long skip, long x, long y, int tokens, int channels) {
      Memory.copy(x, y, 4L * tokens * channels);
    }

    @Override
    public void skipGradient(
        long skip, long yGradient, long skipGradient, long partial, int tokens, int channels) {}
  }

  /** {@code x + skip}. */
  record Add() implements Mix {
    @Override
    public void forward(long skip, long x, long y, int tokens, int channels) {
      Memory.copy(skip, y, 4L * tokens * channels);
      Sums.add(y, x, tokens * channels);
    }

    @Override
    public void skipGradient(
        long skip, long yGradient, long skipGradient, long partial, int tokens, int channels) {
      Memory.copy(yGradient, skipGradient, 4L * tokens * channels);
    }
  }

  /**
   * {@code skip + factor * (x - skip)}.
   *
   * @param factor where it is, a single float32
   */
  record OneFactor(long factor) implements Mix {

    private float value() {
      return Memory.getFloat(factor);
    }

    @Override
    public void forward(long skip, long x, long y, int tokens, int channels) {
      Lerp.forward(skip, x, value(), y, tokens * channels);
    }

    @Override
    public void scale(long x, int count) {
      Lerp.scale(x, value(), x, count);
    }

    /** {@code (1 - factor) dy}; the share of the factor's gradient is {@code sum dy * skip}. */
    @Override
    public void skipGradient(
        long skip, long yGradient, long skipGradient, long partial, int tokens, int channels) {
      int count = tokens * channels;
      Lerp.scale(yGradient, 1 - value(), skipGradient, count);
      Memory.setDouble(partial, Sums.longDot(yGradient, skip, count));
    }

    /**
     * {@code sum dy * (split - skip)}. The first part needs no split tokens: {@code sum dy * (W x)}
     * is the sum of products of W and its gradient before the factor.
     */
    @Override
    public void finish(
        long weight,
        long weightGradient,
        int out,
        int in,
        int channels,
        long partials,
        int parts,
        long factorGradient) {
      double sum = Sums.longDot(weight, weightGradient, (long) out * in);
      for (int i = 0; i < parts; i++) {
        sum -= Memory.getDouble(partials + 8L * i * channels);
      }
      Memory.setFloat(factorGradient, (float) sum);
      scale(weightGradient, out * in);
    }
  }

  /**
   * {@code skip + factor * (x - skip)} with a factor a channel.
   *
   * @param factors float32, {@code [channels]}
   */
  record ChannelFactors(long factors) implements Mix {

    @Override
    public void forward(long skip, long x, long y, int tokens, int channels) {
      for (long at = 0; at < 4L * tokens * channels; at += 4L * channels) {
        Lerp.forward(skip + at, x + at, factors, y + at, channels);
      }
    }

    @Override
    public long splitGradient(long yGradient, int tokens, int channels, Scratch scratch) {
      long scaled = scratch.floats((long) tokens * channels);
      for (long at = 0; at < 4L * tokens * channels; at += 4L * channels) {
        Lerp.scale(yGradient + at, factors, scaled + at, channels);
      }
      return scaled;
    }

    /** As of one factor, channel by channel. */
    @Override
    public void skipGradient(
        long skip, long yGradient, long skipGradient, long partial, int tokens, int channels) {
      // Sums in float32 in the first half of the room, and then in double in all of it.
      Memory.zero(partial, 4L * channels);
      for (long at = 0; at < 4L * tokens * channels; at += 4L * channels) {
        Lerp.skipGradient(skip + at, yGradient + at, factors, skipGradient + at, partial, channels);
      }
      for (int i = channels - 1; i >= 0; i--) {
        Memory.setDouble(partial + 8L * i, Memory.getFloat(partial + 4L * i));
      }
    }

    @Override
    public void finish(
        long weight,
        long weightGradient,
        int out,
        int in,
        int channels,
        long partials,
        int parts,
        long factorGradient) {
      for (int channel = 0; channel < channels; channel++) {
        double sum = 0;
        for (int row = channel; row < out; row += channels) {
          long at = 4L * row * in;
          sum += Sums.longDot(weight + at, weightGradient + at, in);
          float factor = Memory.getFloat(factors + 4L * channel);
          Lerp.scale(weightGradient + at, factor, weightGradient + at, in);
        }
        for (int i = 0; i < parts; i++) {
          sum -= Memory.getDouble(partials + 8L * ((long) i * channels + channel));
        }
        Memory.setFloat(factorGradient + 4L * channel, (float) sum);
      }
    }
  }
}
