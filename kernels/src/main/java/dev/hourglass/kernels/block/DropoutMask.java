package dev.hourglass.kernels.block;

import static dev.hourglass.kernels.memory.Memory.ALL;
import static dev.hourglass.kernels.memory.Memory.ORDER;

import dev.hourglass.core.random.RandomStream;
import dev.hourglass.kernels.memory.Lanes;
import dev.hourglass.kernels.memory.Memory;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Which elements inverted dropout keeps: a function of a random stream's name and of the element's
 * number alone. So any part of a mask can be made anywhere, and made again in the backward pass.
 *
 * <p>Element e owns 16 bits of the stream: of its 32-bit number e/2 the lower half if e is even,
 * the upper half if it is odd. It is kept if they are at least {@code threshold}, and then divided
 * by the probability of that. The numbers are those of {@link RandomStream}, made by its generator
 * (Philox4x32-10) for many blocks at once.
 *
 * @param key of the stream
 * @param high of the stream
 * @param threshold elements of 65536 that are dropped, 0 to 65535
 */
public record DropoutMask(long key, long high, int threshold) {

  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;

  private static final VectorSpecies<Long> LONGS =
      VectorSpecies.of(long.class, Lanes.FLOATS.vectorShape());

  /** Elements of one block of the generator: four numbers of 32 bits. */
  private static final int BLOCK = 8;

  // Salmon et al. (2011), table 2 and section 3.3, as in RandomStream.
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final long WEYL_0 = 0x9E3779B9L;
  private static final long WEYL_1 = 0xBB67AE85L;
  private static final int ROUNDS = 10;
  private static final long LOW = 0xFFFFFFFFL;

  private static final long FIRST_NIBBLES = 0x0F0F0F0F0F0F0F0FL;
  private static final int STEPS = 1 << 16;

  public DropoutMask {
    if (threshold < 0 || threshold >= STEPS) {
      throw new IllegalArgumentException("threshold must be in [0, 65535], got " + threshold);
    }
  }

  /**
   * The mask of a stream.
   *
   * @param stream unused so far; its numbers are the mask's
   * @param rate probability that an element is dropped, in [0, 1), taken to a multiple of 2^-16
   */
  public static DropoutMask of(RandomStream stream, double rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException("dropout rate must be in [0, 1), got " + rate);
    }
    int threshold = (int) Math.min(Math.round(rate * STEPS), STEPS - 1);
    return new DropoutMask(stream.key(), stream.high(), threshold);
  }

  /** What kept elements are multiplied by. */
  public float keptFactor() {
    return (float) STEPS / (STEPS - threshold);
  }

  /**
   * Makes the bits of {@code count} elements: bit i of {@code target}, lowest bits first in words
   * of 64 bits, is 1 if element {@code firstElement + i} is kept.
   *
   * @param target {@code [ceil(count / 64)]} words; bits past {@code count} are whatever follows
   */
  public void bits(long firstElement, int count, long target) {
    long block = firstElement / BLOCK;
    int shift = (int) (firstElement % BLOCK);
    int words = (count + 63) / 64;
    long previous = 0;
    for (int i = 0; i < words + (shift == 0 ? 0 : 1); i++) {
      long word = word(block + (long) i * (64 / BLOCK));
      if (shift == 0) {
        ALL.set(WORD, target + 8L * i, word);
      } else if (i > 0) {
        ALL.set(WORD, target + 8L * (i - 1), (previous >>> shift) | (word << -shift));
      }
      previous = word;
    }
  }

  /** The bits of the 64 elements from {@code firstBlock} on. */
  private long word(long firstBlock) {
    long word = 0;
    int elements = LONGS.length() * BLOCK;
    for (int i = 0; i < 64; i += elements) {
      word |= vector(firstBlock + i / BLOCK) << i;
    }
    return word;
  }

  /** The bits of a vector of blocks, one a lane. */
  private long vector(long firstBlock) {
    LongVector counter = LongVector.broadcast(LONGS, firstBlock).addIndex(1);
    LongVector c0 = counter;
    LongVector c1 = counter.lanewise(VectorOperators.LSHR, 32);
    LongVector c2 = LongVector.broadcast(LONGS, high);
    LongVector c3 = LongVector.broadcast(LONGS, high >>> 32);
    long k0 = key;
    long k1 = key >>> 32;
    // Each lane holds 32 bits; what gathers above them never matters.
    for (int round = 0; round < ROUNDS; round++) {
      LongVector p0 = c0.and(LOW).mul(MULTIPLIER_0);
      LongVector p1 = c2.and(LOW).mul(MULTIPLIER_1);
      c0 =
          p1.lanewise(VectorOperators.LSHR, 32)
              .lanewise(VectorOperators.XOR, c1)
              .lanewise(VectorOperators.XOR, k0);
      c2 =
          p0.lanewise(VectorOperators.LSHR, 32)
              .lanewise(VectorOperators.XOR, c3)
              .lanewise(VectorOperators.XOR, k1);
      c1 = p1;
      c3 = p0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    // Two numbers a lane, so four halves: elements 0 to 3 of each block, and 4 to 7.
    ShortVector first = c0.and(LOW).or(c1.lanewise(VectorOperators.LSHL, 32)).reinterpretAsShorts();
    ShortVector second =
        c2.and(LOW).or(c3.lanewise(VectorOperators.LSHL, 32)).reinterpretAsShorts();
    short least = (short) threshold;
    long firstBits = first.compare(VectorOperators.UGE, least).toLong();
    long secondBits = second.compare(VectorOperators.UGE, least).toLong();
    return Long.expand(firstBits, FIRST_NIBBLES) | Long.expand(secondBits, ~FIRST_NIBBLES);
  }

  /** The factors of the first {@code count} elements: 0, or {@link #keptFactor}. */
  public void factors(float[] target, int from, int count) {
    float factor = keptFactor();
    for (int i = 0; i < count; i += 64) {
      long word = word(i / BLOCK);
      for (int j = 0; j < Math.min(64, count - i); j++) {
        target[from + i + j] = (word >>> j & 1) == 0 ? 0 : factor;
      }
    }
  }

  /**
   * Drops elements of rows, in place, and scales the others.
   *
   * @param x {@code [tokens, width]}, rows {@code stride} bytes apart
   * @param bits of the {@code tokens * width} elements ({@link #bits})
   */
  public void apply(long x, long stride, long bits, int tokens, int width) {
    float factor = keptFactor();
    for (int t = 0; t < tokens; t++) {
      long first = (long) t * width;
      applyRow(x + t * stride, bits, first, width, factor);
    }
  }

  private static void applyRow(long x, long bits, long first, int width, float factor) {
    FloatVector zero = FloatVector.zero(Lanes.FLOATS);
    int whole = width - width % Lanes.COUNT;
    for (int i = 0; i < whole; i += Lanes.COUNT) {
      long at = first + i;
      int shift = (int) (at % 64);
      long lanes = ALL.get(WORD, bits + at / 64 * 8) >>> shift;
      if (shift > 64 - Lanes.COUNT) {
        lanes |= ALL.get(WORD, bits + at / 64 * 8 + 8) << -shift;
      }
      VectorMask<Float> kept = VectorMask.fromLong(Lanes.FLOATS, lanes);
      FloatVector v = FloatVector.fromMemorySegment(Lanes.FLOATS, ALL, x + 4L * i, ORDER);
      zero.blend(v.mul(factor), kept).intoMemorySegment(ALL, x + 4L * i, ORDER);
    }
    for (int i = whole; i < width; i++) {
      long at = first + i;
      boolean kept = (ALL.get(WORD, bits + at / 64 * 8) >>> (at % 64) & 1) != 0;
      Memory.setFloat(x + 4L * i, kept ? Memory.getFloat(x + 4L * i) * factor : 0);
    }
  }
}
