package dev.hourglass.evaluation;

import dev.hourglass.core.InputException;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Checks of feature matrices, one row a sample. */
final class Features {

  private Features() {}

  /** A [samples, features] tensor of doubles from its rows. */
  static Tensor ofRows(double[][] rows) {
    int columns = rows.length == 0 ? 0 : rows[0].length;
    for (double[] row : rows) {
      if (row.length != columns) {
        throw new InputException(
            "Feature vectors must be of one length, but there are some of %d and of %d."
                .formatted(columns, row.length));
      }
    }
    double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    return Tensors.ofDoubles(flat, rows.length, columns);
  }

  /** The features in double precision, detached. */
  static Tensor doubles(Tensor features) {
    return features.detach().to(ScalarType.Double);
  }

  /**
   * @throws InputException unless both are matrices of as many columns, with at least two rows of
   *     finite numbers
   */
  static void check(Tensor a, Tensor b, String metric) {
    for (Tensor features : new Tensor[] {a, b}) {
      if (features.dim() != 2) {
        throw new InputException(
            "%s needs features of shape [samples, features], not %s."
                .formatted(metric, Arrays.toString(Tensors.shape(features))));
      }
      if (features.size(0) < 2) {
        throw new InputException(
            "%s needs at least 2 samples on each side, but one side has %d."
                .formatted(metric, features.size(0)));
      }
      if (!features.isfinite().all().item_bool()) {
        throw new InputException(
            "%s needs finite features, but some are infinite or not a number.".formatted(metric));
      }
    }
    if (a.size(1) != b.size(1)) {
      throw new InputException(
          "%s compares features of one kind, but one side has %d numbers a sample and the other %d."
              .formatted(metric, a.size(1), b.size(1)));
    }
  }
}
