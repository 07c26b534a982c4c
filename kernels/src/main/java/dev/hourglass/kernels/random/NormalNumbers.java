package dev.hourglass.kernels.random;

import dev.hourglass.core.random.RandomStream;
import dev.hourglass.kernels.memory.Lanes;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The standard normal numbers of {@link RandomStream#fillGaussian}, bit for bit, made by the
 * vector.
 *
 * <p>Logarithm, sine and cosine are polynomials here, a little off from Java's, but by less than
 * {@link #ERROR}. Where a number does not round to the same float from both ends of that error
 * (Ziv, "Fast evaluation of elementary mathematical functions with correctly rounded last bit",
 * 1991), 2 times in 100,000, the stream itself makes it. So nothing shows what the polynomials are.
 */
public final class NormalNumbers {

  private static final VectorShape SHAPE = Lanes.FLOATS.vectorShape();
  private static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, SHAPE);
  private static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, SHAPE);

  /** As many floats as there are doubles in a vector. */
  private static final VectorSpecies<Float> FLOATS =
      VectorSpecies.of(float.class, VectorShape.forBitSize(SHAPE.vectorBitSize() / 2));

  /** Numbers of one block of the generator: cosine and sine of two pairs. */
  private static final int BLOCK = 4;

  /** Blocks that are made before they are looked at. */
  private static final int BLOCKS = 64;

  /** A hundred times what polynomials and Java's functions are off by, relative to the radius. */
  private static final double ERROR = 1e-13;

  // Salmon et al. (2011), table 2 and section 3.3, as in RandomStream.
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final long WEYL_0 = 0x9E3779B9L;
  private static final long WEYL_1 = 0xBB67AE85L;
  private static final int ROUNDS = 10;
  private static final long LOW = 0xFFFFFFFFL;

  /** 2^52, and its bits: with a smaller integer in the mantissa they are the sum of both. */
  private static final double TWO_52 = 0x1p52;

  private static final long TWO_52_BITS = 0x4330000000000000L;
  private static final int MANTISSA = 52;

  /** The bits of the root of 1/2, but with its exponent less by one. */
  private static final long BELOW_ROOT_HALF = 0x3FE6A09E667F3BCDL - (1L << MANTISSA);

  private static final double LN_2 = Math.log(2);

  /** Angles have 32 bits: those of a quarter of a turn, and half of it. */
  private static final int QUARTER = 30;

  private static final long EIGHTH = 1L << (QUARTER - 1);
  private static final double ANGLE = 2 * Math.PI * 0x1p-32;

  private final float[] cosines0 = new float[BLOCKS];
  private final float[] sines0 = new float[BLOCKS];
  private final float[] cosines1 = new float[BLOCKS];
  private final float[] sines1 = new float[BLOCKS];

  /** Whether a number since the last look may round otherwise. */
  private boolean unsure;

  private NormalNumbers() {}

  /**
   * Fills a range with the first numbers of a stream.
   *
   * @param stream unused so far; it is left so
   */
  public static void fill(RandomStream stream, float[] target, int from, int to) {
    NormalNumbers numbers = new NormalNumbers();
    for (int at = from; at < to; at += BLOCKS * BLOCK) {
      int count = Math.min(BLOCKS * BLOCK, to - at);
      numbers.fill(stream, (at - from) / BLOCK, target, at, count);
    }
  }

  private void fill(RandomStream stream, long firstBlock, float[] target, int at, int count) {
    int blocks = (count + BLOCK - 1) / BLOCK;
    unsure = false;
    for (int i = 0; i < blocks; i += LONGS.length()) {
      vector(stream.key(), stream.high(), firstBlock + i, i);
    }
    if (unsure || count % BLOCK != 0) {
      stream.fromBlock(firstBlock).fillGaussian(target, at, at + count);
      return;
    }
    for (int i = 0; i < blocks; i++) {
      target[at + BLOCK * i] = cosines0[i];
      target[at + BLOCK * i + 1] = sines0[i];
      target[at + BLOCK * i + 2] = cosines1[i];
      target[at + BLOCK * i + 3] = sines1[i];
    }
  }

  /** A vector of blocks, one a lane, to place {@code to} on. */
  private void vector(long key, long high, long firstBlock, int to) {
    LongVector counter = LongVector.broadcast(LONGS, firstBlock).addIndex(1);
    LongVector c0 = counter;
    LongVector c1 = counter.lanewise(VectorOperators.LSHR, 32);
    LongVector c2 = LongVector.broadcast(LONGS, high);
    LongVector c3 = LongVector.broadcast(LONGS, high >>> 32);
    long k0 = key;
    long k1 = key >>> 32;
    // Each lane holds 32 bits; what gathers above them is cut off at the end.
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
    pairs(c0.and(LOW), c1.and(LOW), cosines0, sines0, to);
    pairs(c2.and(LOW), c3.and(LOW), cosines1, sines1, to);
  }

  /**
   * Box and Muller (1958). One method, as the compiler wants it ({@link Lanes}).
   *
   * @param k 32 bits each that the radius follows from
   * @param angle of 2^32 parts of a turn
   */
  private void pairs(LongVector k, LongVector angle, float[] cosines, float[] sines, int to) {
    // The radius is the root of -2 ln(x / 2^32), x = k + 1/2 = m 2^e, m between the roots of 1/2
    // and 2; e1 is e + 1, and s is such that ln m = 2 atanh(s).
    LongVector x = k.or(TWO_52_BITS).reinterpretAsDoubles().sub(TWO_52 - 0.5).reinterpretAsLongs();
    LongVector e1 = x.sub(BELOW_ROOT_HALF).lanewise(VectorOperators.LSHR, MANTISSA);
    DoubleVector m =
        x.sub(e1.sub(1).lanewise(VectorOperators.LSHL, MANTISSA)).reinterpretAsDoubles();
    DoubleVector down = e1.or(TWO_52_BITS).reinterpretAsDoubles().sub(TWO_52 + 33); // e - 32
    DoubleVector s = m.sub(1).div(m.add(1));
    DoubleVector z = s.mul(s);
    DoubleVector atanh =
        DoubleVector.broadcast(DOUBLES, 1 / 17.0)
            .fma(z, DoubleVector.broadcast(DOUBLES, 1 / 15.0))
            .fma(z, DoubleVector.broadcast(DOUBLES, 1 / 13.0))
            .fma(z, DoubleVector.broadcast(DOUBLES, 1 / 11.0))
            .fma(z, DoubleVector.broadcast(DOUBLES, 1 / 9.0))
            .fma(z, DoubleVector.broadcast(DOUBLES, 1 / 7.0))
            .fma(z, DoubleVector.broadcast(DOUBLES, 1 / 5.0))
            .fma(z, DoubleVector.broadcast(DOUBLES, 1 / 3.0))
            .fma(z, DoubleVector.broadcast(DOUBLES, 1))
            .mul(s);
    DoubleVector radius = down.mul(-2 * LN_2).sub(atanh.mul(4)).sqrt();

    // Taylor's series of an angle in [-pi/4, pi/4).
    LongVector turned = angle.add(EIGHTH);
    LongVector quarter = turned.lanewise(VectorOperators.LSHR, QUARTER);
    DoubleVector t =
        turned
            .and((1L << QUARTER) - 1)
            .or(TWO_52_BITS)
            .reinterpretAsDoubles()
            .sub(TWO_52 + EIGHTH)
            .mul(ANGLE);
    DoubleVector y = t.mul(t);
    LongVector sine =
        DoubleVector.broadcast(DOUBLES, -1 / 1307674368000.0)
            .fma(y, DoubleVector.broadcast(DOUBLES, 1 / 6227020800.0))
            .fma(y, DoubleVector.broadcast(DOUBLES, -1 / 39916800.0))
            .fma(y, DoubleVector.broadcast(DOUBLES, 1 / 362880.0))
            .fma(y, DoubleVector.broadcast(DOUBLES, -1 / 5040.0))
            .fma(y, DoubleVector.broadcast(DOUBLES, 1 / 120.0))
            .fma(y, DoubleVector.broadcast(DOUBLES, -1 / 6.0))
            .fma(y, DoubleVector.broadcast(DOUBLES, 1))
            .mul(t)
            .mul(radius)
            .reinterpretAsLongs();
    LongVector cosine =
        DoubleVector.broadcast(DOUBLES, 1 / 20922789888000.0)
            .fma(y, DoubleVector.broadcast(DOUBLES, -1 / 87178291200.0))
            .fma(y, DoubleVector.broadcast(DOUBLES, 1 / 479001600.0))
            .fma(y, DoubleVector.broadcast(DOUBLES, -1 / 3628800.0))
            .fma(y, DoubleVector.broadcast(DOUBLES, 1 / 40320.0))
            .fma(y, DoubleVector.broadcast(DOUBLES, -1 / 720.0))
            .fma(y, DoubleVector.broadcast(DOUBLES, 1 / 24.0))
            .fma(y, DoubleVector.broadcast(DOUBLES, -0.5))
            .fma(y, DoubleVector.broadcast(DOUBLES, 1))
            .mul(radius)
            .reinterpretAsLongs();

    // In odd quarters they change places; the signs are those of the quarter.
    LongVector odd = LongVector.zero(LONGS).sub(quarter.and(1));
    LongVector swap = cosine.lanewise(VectorOperators.XOR, sine).and(odd);
    LongVector minusCosine = quarter.add(1).and(2).lanewise(VectorOperators.LSHL, 62);
    LongVector minusSine = quarter.and(2).lanewise(VectorOperators.LSHL, 62);
    DoubleVector c =
        cosine
            .lanewise(VectorOperators.XOR, swap)
            .lanewise(VectorOperators.XOR, minusCosine)
            .reinterpretAsDoubles();
    DoubleVector d =
        sine.lanewise(VectorOperators.XOR, swap)
            .lanewise(VectorOperators.XOR, minusSine)
            .reinterpretAsDoubles();

    DoubleVector error = radius.mul(ERROR);
    FloatVector low = (FloatVector) c.sub(error).convertShape(VectorOperators.D2F, FLOATS, 0);
    FloatVector high = (FloatVector) c.add(error).convertShape(VectorOperators.D2F, FLOATS, 0);
    low.intoArray(cosines, to);
    VectorMask<Float> differs = low.compare(VectorOperators.NE, high);
    low = (FloatVector) d.sub(error).convertShape(VectorOperators.D2F, FLOATS, 0);
    high = (FloatVector) d.add(error).convertShape(VectorOperators.D2F, FLOATS, 0);
    low.intoArray(sines, to);
    unsure |= differs.or(low.compare(VectorOperators.NE, high)).anyTrue();
  }
}
