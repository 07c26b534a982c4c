package dev.hourglass.kernels.norm;

/**
 * Float32 rows of numbers that the conditioning gives each image.
 *
 * @param address of the first image's, or 0 if there are none
 * @param stride bytes from an image's row to the next one's; 0 if all share one
 */
public record ImageRows(long address, long stride) {

  /** No rows. */
  public static final ImageRows NONE = new ImageRows(0, 0);

  /** Whether there are rows. */
  public boolean exist() {
    return address != 0;
  }

  /** The row of an image. */
  public long row(int image) {
    return address + stride * image;
  }
}
