package dev.hourglass.data.inspect;

import dev.hourglass.data.image.DecodedImage;
import java.math.BigInteger;

/**
 * Sums of 8-bit samples and of their squares: whole numbers, so that means and deviations are exact
 * but for their last rounding, in any order and whatever is merged with what.
 *
 * <p>For one thread. Sums hold up to 10^14 samples a channel.
 */
final class PixelMoments {

  /** Of samples in [-1, 1]: {@code v / 127.5 - 1}. */
  private static final double HALF_RANGE = 127.5;

  private long count;
  private long sum;
  private long squares;

  /** The moments of each channel of an image: one of a gray image, three of one in colour. */
  static PixelMoments[] ofChannels(DecodedImage image) {
    int channels = image.channels();
    byte[] pixels = image.pixels(); // [h, w, c]
    PixelMoments[] moments = new PixelMoments[channels];
    for (int c = 0; c < channels; c++) {
      moments[c] = new PixelMoments();
      for (int i = c; i < pixels.length; i += channels) {
        int sample = pixels[i] & 0xFF;
        moments[c].sum += sample;
        moments[c].squares += (long) sample * sample;
      }
      moments[c].count = pixels.length / channels;
    }
    return moments;
  }

  /** Takes in all samples of another. */
  PixelMoments add(PixelMoments other) {
    count += other.count;
    sum += other.sum;
    squares += other.squares;
    return this;
  }

  /** Whether there are no samples. */
  boolean isEmpty() {
    return count == 0;
  }

  /** The mean of the samples in [-1, 1]. */
  double mean() {
    // (sum / n) / 127.5 - 1 with one rounding at the end: the difference is taken in integers.
    BigInteger range = big(count).multiply(big(255));
    return big(2 * sum).subtract(range).doubleValue() / range.doubleValue();
  }

  /** The standard deviation about the mean, over all samples (not n - 1), in [-1, 1]. */
  double deviation() {
    // n sum(v^2) - sum(v)^2 would cancel in floating point.
    BigInteger scaled = big(count).multiply(big(squares)).subtract(big(sum).pow(2));
    return Math.sqrt(scaled.doubleValue()) / count / HALF_RANGE;
  }

  private static BigInteger big(long value) {
    return BigInteger.valueOf(value);
  }
}
