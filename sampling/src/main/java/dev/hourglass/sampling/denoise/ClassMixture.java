package dev.hourglass.sampling.denoise;

/**
 * The class of an image, or what is between two: what they tell the network is mixed linearly.
 *
 * @param share of the second, in [0, 1]
 */
public record ClassMixture(int first, int second, double share) {

  public static ClassMixture of(int one) {
    return new ClassMixture(one, one, 0);
  }

  /** The class that has the larger share. */
  public int main() {
    return share > 0.5 ? second : first;
  }
}
