package dev.hourglass.kernels.attention;

/**
 * The learned numbers of a {@link HeadForm}, or their gradients: float32.
 *
 * @param first {@code [heads]}, the scale of the cosines; or {@code [d]}, that of the queries' norm
 * @param second {@code [d]}, that of the keys' norm
 */
public record HeadScales(long first, long second) {

  /** No learned numbers. */
  public static final HeadScales NONE = new HeadScales(0, 0);
}
