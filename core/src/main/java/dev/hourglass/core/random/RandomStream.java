package dev.hourglass.core.random;

/**
 * A counter-based random stream (Philox4x32-10 of Salmon et al., "Parallel random numbers: as easy
 * as 1, 2, 3", 2011).
 *
 * <p>A stream is named by what it is for, for example {@code (seed, step, image, purpose)}; two
 * streams of the same name give the same numbers, on every machine and in every thread, and nothing
 * needs to be saved to resume. Streams of different names are independent. Not thread-safe: make
 * one where it is used, it costs nothing.
 */
public final class RandomStream {

  private static final int MULTIPLIER_0 = 0xD2511F53;
  private static final int MULTIPLIER_1 = 0xCD9E8D57;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;

  private final int key0;
  private final int key1;
  private final int high0;
  private final int high1;
  private final int[] block = new int[4];
  private long counter;
  private int used = 4;

  private RandomStream(long key, long high) {
    key0 = (int) key;
    key1 = (int) (key >>> 32);
    high0 = (int) high;
    high1 = (int) (high >>> 32);
  }

  /**
   * The stream named by a seed, a purpose and any number of coordinates.
   *
   * @param seed the user's seed
   * @param name what else the stream is for: a step, an image, a layer, ...; the purpose says which
   */
  public static RandomStream of(long seed, Purpose purpose, long... name) {
    long[] full = new long[name.length + 1];
    full[0] = purpose.coordinate();
    System.arraycopy(name, 0, full, 1, name.length);
    return of(seed, full);
  }

  /** The stream named by a seed and coordinates alone: for tests and measurements. */
  public static RandomStream of(long seed, long... name) {
    long key = mix(seed);
    long high = mix(~seed);
    for (long coordinate : name) {
      key = mix(key ^ mix(coordinate));
      high = mix(high + 0x9E3779B97F4A7C15L * (coordinate + 1));
    }
    return new RandomStream(key, high);
  }

  /** The key of the stream's blocks, for generators that make many blocks at once. */
  public long key() {
    return ((long) key1 << 32) | Integer.toUnsignedLong(key0);
  }

  /** The upper half of the counter of the stream's blocks; the lower half counts them from 0. */
  public long high() {
    return ((long) high1 << 32) | Integer.toUnsignedLong(high0);
  }

  /** The same stream from a block of four words of 32 bits on, counted from 0. */
  public RandomStream fromBlock(long block) {
    RandomStream later = new RandomStream(key(), high());
    later.counter = block;
    return later;
  }

  /** The finaliser of SplitMix64: a bijection that spreads nearby numbers over all 64 bits. */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** 32 random bits. */
  public int nextInt() {
    if (used == 4) {
      philox(counter++, high0, high1, key0, key1, block);
      used = 0;
    }
    return block[used++];
  }

  /** 64 random bits. */
  public long nextLong() {
    return ((long) nextInt() << 32) | Integer.toUnsignedLong(nextInt());
  }

  /** Uniform in [0, 1), a multiple of 2^-53. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /**
   * Uniform in {0, ..., bound - 1}, unbiased.
   *
   * @param bound at least 1
   */
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("bound must be at least 1, got " + bound);
    }
    // Lemire's rejection: the high word of a product, redrawn in the few cases that would bias it.
    long product = Integer.toUnsignedLong(nextInt()) * bound;
    if ((product & 0xFFFFFFFFL) < bound) {
      long threshold = (1L << 32) % bound;
      while ((product & 0xFFFFFFFFL) < threshold) {
        product = Integer.toUnsignedLong(nextInt()) * bound;
      }
    }
    return (int) (product >>> 32);
  }

  /** A standard normal number. */
  public double nextGaussian() {
    double radius = Math.sqrt(-2 * Math.log(1 - nextDouble()));
    return radius * Math.cos(2 * Math.PI * nextDouble());
  }

  /**
   * Fills a range with standard normal numbers, two for each pair of uniforms (Box and Muller,
   * 1958).
   */
  public void fillGaussian(float[] target, int from, int to) {
    int i = from;
    while (i < to) {
      // 24 and 32 bits are enough for floats; the smallest uniform, 2^-33, bounds a sample by 6.8.
      double u = (Integer.toUnsignedLong(nextInt()) + 0.5) * 0x1p-32;
      double angle = 2 * Math.PI * Integer.toUnsignedLong(nextInt()) * 0x1p-32;
      double radius = Math.sqrt(-2 * Math.log(u));
      target[i++] = (float) (radius * Math.cos(angle));
      if (i < to) {
        target[i++] = (float) (radius * Math.sin(angle));
      }
    }
  }

  /** A random order of {@code 0 .. n-1} (Fisher and Yates). */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /**
   * One block of four words: ten rounds of multiplication and key schedule, section 3.3 of the
   * paper.
   */
  static void philox(long counter, int high0, int high1, int key0, int key1, int[] out) {
    int c0 = (int) counter;
    int c1 = (int) (counter >>> 32);
    int c2 = high0;
    int c3 = high1;
    int k0 = key0;
    int k1 = key1;
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = Integer.toUnsignedLong(MULTIPLIER_0) * Integer.toUnsignedLong(c0);
      long p1 = Integer.toUnsignedLong(MULTIPLIER_1) * Integer.toUnsignedLong(c2);
      c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      c1 = (int) p1;
      c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c3 = (int) p0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
  }
}
