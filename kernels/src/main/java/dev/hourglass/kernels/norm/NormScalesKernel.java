package dev.hourglass.kernels.norm;

import dev.hourglass.kernels.memory.Memory;
import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.kernels.product.Sums;
import java.util.ArrayList;
import java.util.List;

/**
 * The scales of all conditioned norms of a model, {@code 1 + cond W^T} for the weight W of each
 * (docs/model.md, 4.1). Each alone is tiny; at once they keep all threads busy.
 */
public final class NormScalesKernel {

  /** Rows of a weight that one work item takes. */
  private static final int ROWS = 256;

  private final int conditionings;
  private final int in;
  private final int[] widths;
  private final List<Item> items = new ArrayList<>();

  private record Item(int norm, int first, int end) {}

  /**
   * The norms of a model.
   *
   * @param conditionings rows of {@code cond}
   * @param in channels of {@code cond}
   * @param widths channels of each norm: its weight is {@code [width, in]}
   */
  public NormScalesKernel(int conditionings, int in, int... widths) {
    this.conditionings = conditionings;
    this.in = in;
    this.widths = widths.clone();
    for (int norm = 0; norm < widths.length; norm++) {
      for (int first = 0; first < widths[norm]; first += ROWS) {
        items.add(new Item(norm, first, Math.min(first + ROWS, widths[norm])));
      }
    }
  }

  /**
   * Computes the scales.
   *
   * @param cond {@code [conditionings, in]}
   * @param weights of each norm, {@code [width, in]}
   * @param scales of each norm, {@code [conditionings, width]}, overwritten
   */
  public void forward(long cond, long[] weights, long[] scales) {
    Workers.shared()
        .run(
            items.size(),
            (i, scratch) -> {
              Item item = items.get(i);
              int width = widths[item.norm];
              for (int row = item.first; row < item.end; row++) {
                long weight = weights[item.norm] + 4L * row * in;
                long target = scales[item.norm] + 4L * row;
                for (int m = 0; m < conditionings; m++) {
                  float dot = Sums.dot(weight, cond + 4L * m * in, in);
                  Memory.setFloat(target + 4L * m * width, 1 + dot);
                }
              }
            });
  }

  /** Bytes of working memory for {@link #backward}: each item's part of cond's gradient. */
  public long workBytes() {
    return 4L * items.size() * conditionings * in;
  }

  /**
   * Computes the gradients.
   *
   * @param scaleGradients of each norm; 0 if none arrived
   * @param work {@link #workBytes} bytes
   * @param condGradient like cond, overwritten
   * @param weightGradients like the weights, overwritten
   */
  public void backward(
      long cond,
      long[] weights,
      long[] scaleGradients,
      long work,
      long condGradient,
      long[] weightGradients) {
    long part = 4L * conditionings * in;
    Workers.shared()
        .run(
            items.size(),
            (i, scratch) -> {
              Item item = items.get(i);
              long target = weightGradients[item.norm] + 4L * item.first * in;
              Memory.zero(target, 4L * (item.end - item.first) * in);
              Memory.zero(work + i * part, part);
              if (scaleGradients[item.norm] != 0) {
                backward(item, cond, weights, scaleGradients, work + i * part, weightGradients);
              }
            });
    Memory.zero(condGradient, part);
    for (int i = 0; i < items.size(); i++) { // In order, so that the sum is always the same.
      Sums.add(condGradient, work + i * part, conditionings * in);
    }
  }

  private void backward(
      Item item,
      long cond,
      long[] weights,
      long[] scaleGradients,
      long condGradient,
      long[] weightGradients) {
    for (int row = item.first; row < item.end; row++) {
      long weight = weights[item.norm] + 4L * row * in;
      long weightGradient = weightGradients[item.norm] + 4L * row * in;
      for (int m = 0; m < conditionings; m++) {
        float gradient =
            Memory.getFloat(scaleGradients[item.norm] + 4L * (m * widths[item.norm] + row));
        Sums.addScaled(weightGradient, gradient, cond + 4L * m * in, in);
        Sums.addScaled(condGradient + 4L * m * in, gradient, weight, in);
      }
    }
  }
}
