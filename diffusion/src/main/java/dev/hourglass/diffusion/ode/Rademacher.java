package dev.hourglass.diffusion.ode;

import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;

/** Vectors of independent signs, which are functions of the seed and the index of an image. */
final class Rademacher {

  private Rademacher() {}

  /** Values of 1 and -1. */
  static double[] vector(long seed, long image, int size) {
    RandomStream random = RandomStream.of(seed, Purpose.DIVERGENCE, image);
    double[] signs = new double[size];
    int bits = 0;
    for (int i = 0; i < size; i++) {
      if (i % Integer.SIZE == 0) {
        bits = random.nextInt();
      }
      signs[i] = (bits >>> (i % Integer.SIZE) & 1) == 0 ? 1 : -1;
    }
    return signs;
  }
}
