package dev.hourglass.kernels.attention.dense;

import dev.hourglass.kernels.attention.AttentionKernel;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.kernels.product.Sums;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Global attention: softmax over all tokens of the image (docs/model.md, 3.6). q and k come scaled
 * and rotated, the softmax has scale 1. Queries and keys may be different tokens, as those of
 * landmarks are.
 *
 * <p>Keep a kernel for its shape rather than making one for each call: with few heads it holds
 * working memory for {@link #backward}. One thread at a time may use it.
 */
public final class GlobalKernel implements AttentionKernel {

  /** Queries of an item of the forward pass, which prepares all keys of a head anew. */
  private static final int QUERIES_EACH = 256;

  /** Fewest keys of an item of the backward pass, which prepares all queries of a head anew. */
  private static final int FEWEST_KEYS = 256;

  /** Items that keep this many workers busy, where there are tokens enough. */
  private static final int WANTED_ITEMS = 32;

  /** Floats of an item of the sum of partial gradients. */
  private static final int SUMMED_EACH = 1 << 14;

  private final int planes;
  private final int heads;
  private final int queries;
  private final int keys;
  private final int d;
  private final int queryParts;
  private final int keysEach;
  private final int keyParts;
  private final DenseForward forward;
  private final DenseBackward backward;
  private MemorySegment partials;

  /**
   * Attention of all tokens to all.
   *
   * @param d channels of a head, a multiple of 8
   * @param bfloat16 whether products take bfloat16 operands; all else stays float32
   */
  public GlobalKernel(int images, int heads, int tokens, int d, boolean bfloat16) {
    this(images, heads, tokens, tokens, d, bfloat16);
  }

  /**
   * Attention of some tokens to others.
   *
   * @param queries tokens of q, its gradient and the result
   * @param keys tokens of k, v and their gradients
   */
  public GlobalKernel(int images, int heads, int queries, int keys, int d, boolean bfloat16) {
    if (images < 1 || heads < 1 || queries < 1 || keys < 1 || d < 1 || d % 8 != 0) {
      throw new IllegalArgumentException(
          ("global attention needs sizes from 1 and d a multiple of 8, got %d images, "
                  + "%d heads, %d queries, %d keys, d %d")
              .formatted(images, heads, queries, keys, d));
    }
    this.planes = images * heads;
    this.heads = heads;
    this.queries = queries;
    this.keys = keys;
    this.d = d;
    queryParts = ceilDivide(queries, QUERIES_EACH);
    int parts = Math.min(ceilDivide(WANTED_ITEMS, planes), ceilDivide(keys, FEWEST_KEYS));
    keysEach =
        ceilDivide(ceilDivide(keys, parts), DenseBackward.KEY_BLOCK) * DenseBackward.KEY_BLOCK;
    keyParts = ceilDivide(keys, keysEach);
    forward = new DenseForward(keys, d, heads * d, bfloat16);
    backward = new DenseBackward(queries, d, heads * d, bfloat16);
  }

  private static int ceilDivide(int a, int b) {
    return (a + b - 1) / b;
  }

  /** For logSumExp, {@code [images, heads, queries]}. */
  @Override
  public long keptBytes() {
    return 4L * planes * queries;
  }

  @Override
  public void forward(long q, long k, long v, long out, long kept) {
    Workers.shared()
        .run(
            planes * queryParts,
            (item, scratch) -> {
              int first = item % queryParts * QUERIES_EACH;
              int count = Math.min(QUERIES_EACH, queries - first);
              forward.attend(
                  forward.buffers(scratch, count),
                  count,
                  head(item / queryParts, first, 0, q, k, v, out, kept),
                  0);
            });
  }

  /** A head, queries from {@code query} and keys from {@code key} on. */
  private DenseHead head(
      int plane, int query, int key, long q, long k, long v, long out, long kept) {
    long token = (long) plane * queries + query;
    long first = ((long) plane * keys + key) * d;
    return new DenseHead(
        q + 4L * token * d,
        k + 4 * first,
        v + 4 * first,
        out + outBytes(plane, query),
        kept == 0 ? 0 : kept + 4L * token);
  }

  private long outBytes(int plane, int token) {
    long row = (long) (plane / heads) * queries + token;
    return 4L * (row * heads + plane % heads) * d;
  }

  @Override
  public void backward(
      long q, long k, long v, long out, long kept, long outGradient, Gradients gradients) {
    long partBytes = 4L * planes * queries * d;
    long parts = partials(partBytes);
    Workers.shared()
        .run(
            planes * keyParts,
            (item, scratch) -> {
              int plane = item / keyParts;
              int part = item % keyParts;
              int key = part * keysEach;
              long place = 4L * ((long) plane * keys + key) * d;
              long qGradient = part == 0 ? gradients.q() : parts + (part - 1) * partBytes;
              int count = Math.min(keysEach, keys - key);
              backward.attend(
                  backward.buffers(scratch, count),
                  count,
                  head(plane, 0, key, q, k, v, out, kept),
                  outGradient + outBytes(plane, 0),
                  new Gradients(
                      qGradient + 4L * plane * queries * d,
                      gradients.k() + place,
                      gradients.v() + place),
                  0);
            });
    if (keyParts > 1) {
      addPartials(parts, partBytes, gradients.q());
    }
  }

  /** Memory for the q gradients that come from all parts of the keys but the first. */
  private long partials(long partBytes) {
    if (keyParts == 1) {
      return 0;
    }
    if (partials == null) {
      partials = Arena.ofAuto().allocate((keyParts - 1) * partBytes, 64);
    }
    return partials.address();
  }

  private void addPartials(long parts, long partBytes, long target) {
    int items = Math.toIntExact((partBytes / 4 + SUMMED_EACH - 1) / SUMMED_EACH);
    Workers.shared()
        .run(
            items,
            (item, scratch) -> {
              long from = 4L * item * SUMMED_EACH;
              long to = Math.min(partBytes, from + 4L * SUMMED_EACH);
              for (int part = 0; part < keyParts - 1; part++) {
                Sums.add(target + from, parts + part * partBytes + from, (int) (to - from) / 4);
              }
            });
  }
}
