package dev.hourglass.evaluation.pixels;

import dev.hourglass.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The Laplacian pyramid of images (Burt and Adelson, "The Laplacian pyramid as a compact image
 * code", 1983), as ProGAN's evaluation makes it: each level but the last is what an image loses
 * when it is halved and doubled again.
 */
final class LaplacianPyramid {

  /** The last level's shorter side is at least this long, and less than twice. */
  static final int SMALLEST = 16;

  /** The binomial filter; its products with itself are the 5 x 5 filter, which sums to 256. */
  private static final float[] BINOMIAL = {1, 4, 6, 4, 1};

  private static final int MARGIN = 2;

  private LaplacianPyramid() {}

  /** How many levels images of a size have: none if a side is shorter than {@link #SMALLEST}. */
  static int levels(long height, long width) {
    int levels = 0;
    for (long side = Math.min(height, width); side >= SMALLEST; side = halved(side)) {
      levels++;
    }
    return levels;
  }

  /** The side of the next level: every other pixel is kept, the first one included. */
  static long halved(long side) {
    return (side + 1) / 2;
  }

  /**
   * The levels of images, the finest first.
   *
   * @param images [n, h, w], float32
   */
  static List<Tensor> of(Tensor images) {
    List<Tensor> levels = new ArrayList<>();
    Tensor rest = images.unsqueeze(1); // [n, 1, h, w]
    for (int left = levels(images.size(1), images.size(2)); left > 1; left--) {
      Tensor half = halve(rest);
      levels.add(rest.sub(doubled(half, rest.size(2), rest.size(3))).squeeze(1));
      rest = half;
    }
    levels.add(rest.squeeze(1));
    return levels;
  }

  /** [n, 1, h, w] to [n, 1, ceil(h/2), ceil(w/2)]. */
  private static Tensor halve(Tensor images) {
    return everyOther(filtered(images, 1));
  }

  /** Back to [n, 1, height, width]: zeros between the pixels, filtered. */
  private static Tensor doubled(Tensor images, long height, long width) {
    Tensor spread = images.new_zeros(images.size(0), 1, height, width);
    everyOther(spread).copy_(images);
    return filtered(spread, 4);
  }

  private static Tensor everyOther(Tensor images) {
    LongOptional all = new LongOptional();
    return images.slice(2, all, all, 2).slice(3, all, all, 2);
  }

  private static Tensor filtered(Tensor images, int factor) {
    Tensor padded = torch.reflection_pad2d(images, MARGIN, MARGIN, MARGIN, MARGIN);
    return torch.conv2d(padded, filter(factor));
  }

  /** [1, 1, 5, 5]. */
  private static Tensor filter(int factor) {
    int size = BINOMIAL.length;
    float[] weights = new float[size * size];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = BINOMIAL[i / size] * BINOMIAL[i % size] * factor / 256;
    }
    return Tensors.ofFloats(weights, 1, 1, size, size);
  }
}
