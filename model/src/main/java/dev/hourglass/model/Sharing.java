package dev.hourglass.model;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Which of m conditionings each of n images has.
 *
 * @param images {@code [n]} of int64
 * @param blend with another one; absent means that no image has any
 */
public record Sharing(Tensor images, Optional<Blend> blend) {

  /**
   * A second conditioning for each image. Between two, all that the blocks take from the
   * conditioning is mixed linearly.
   *
   * @param images {@code [n]} of int64
   * @param share {@code [n, 1, 1, 1]}, of the second one in [0, 1]
   */
  public record Blend(Tensor images, Tensor share) {}

  /** One of the conditionings for each image. */
  public static Sharing of(Tensor images) {
    return new Sharing(images, Optional.empty());
  }

  /** Between these and others. */
  public Sharing blendedWith(Tensor others, Tensor share) {
    return new Sharing(images, Optional.of(new Blend(others, share)));
  }

  /** Rows for each conditioning to rows for each image, {@code [m, 1, 1, c] -> [n, 1, 1, c]}. */
  Tensor perImage(Tensor rows) {
    Tensor own = rows.index_select(0, images);
    return blend
        .map(b -> own.lerp(rows.index_select(0, b.images()), b.share().to(own.scalar_type())))
        .orElse(own);
  }
}
