package dev.hourglass.evaluation.pixels;

import dev.hourglass.core.InputException;
import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Random patches of a set of images, {@value #AN_IMAGE} of {@value #SIDE} x {@value #SIDE} pixels
 * from every level of each image's Laplacian pyramid: what {@link SlicedWasserstein} compares.
 * Which ones is a function of seed, number of the image and level alone. They take some 75 kB an
 * image and level in colour, outside the Java heap, until {@link #close()}.
 */
public final class Patches implements AutoCloseable {

  static final int SIDE = 7;
  static final int AN_IMAGE = 128;

  private final long seed;
  private final int channels;
  private final int height;
  private final int width;
  private long images;

  /** For each level one tensor an image, [128, channels * 7 * 7], float32. */
  private final List<List<Tensor>> levels = new ArrayList<>();

  /**
   * An empty set.
   *
   * @param channels 1 or 3
   * @throws InputException if a side is shorter than 16 pixels, which leaves no level
   */
  public Patches(long seed, int channels, int height, int width) {
    int count = LaplacianPyramid.levels(height, width);
    if (count == 0) {
      throw new InputException(
          "The sliced Wasserstein distance needs images of at least %d pixels a side, not %d x %d; leave it out for these."
              .formatted(LaplacianPyramid.SMALLEST, width, height));
    }
    this.seed = seed;
    this.channels = channels;
    this.height = height;
    this.width = width;
    for (int level = 0; level < count; level++) {
      levels.add(new ArrayList<>());
    }
  }

  /**
   * Takes patches of more images.
   *
   * @param pixels [n, c, h, w] of this set's form, bytes
   */
  public void add(Tensor pixels) {
    if (pixels.dim() != 4
        || pixels.size(1) != channels
        || pixels.size(2) != height
        || pixels.size(3) != width) {
      throw new InputException(
          "Patches are taken of images of one size and kind, %d x %d with %d channels, but one has another; resize them first."
              .formatted(width, height, channels));
    }
    for (long i = 0; i < pixels.size(0); i++) {
      Tensor image = pixels.select(0, i);
      Scope.run(() -> addOne(image));
    }
  }

  /** One at a time: no rounding depends on the batch. */
  private void addOne(Tensor image) {
    List<Tensor> pyramid = LaplacianPyramid.of(image.to(ScalarType.Float));
    for (int level = 0; level < pyramid.size(); level++) {
      RandomStream places = RandomStream.of(seed, Purpose.PATCHES, images, level);
      levels.get(level).add(Scope.own(patches(pyramid.get(level), places)));
    }
    images++;
  }

  /** [c, h, w] to [128, c * 7 * 7]. */
  private Tensor patches(Tensor level, RandomStream places) {
    float[] values = Tensors.toFloats(level);
    int h = (int) level.size(1);
    int w = (int) level.size(2);
    float[] patches = new float[AN_IMAGE * channels * SIDE * SIDE];
    int to = 0;
    for (int patch = 0; patch < AN_IMAGE; patch++) {
      int left = places.nextInt(w - SIDE + 1);
      int top = places.nextInt(h - SIDE + 1);
      for (int c = 0; c < channels; c++) {
        for (int y = top; y < top + SIDE; y++) {
          System.arraycopy(values, (c * h + y) * w + left, patches, to, SIDE);
          to += SIDE;
        }
      }
    }
    return Tensors.ofFloats(patches, AN_IMAGE, (long) channels * SIDE * SIDE);
  }

  /** Images so far. */
  public long images() {
    return images;
  }

  int levels() {
    return levels.size();
  }

  int heightOf(int level) {
    return (int) halved(height, level);
  }

  int widthOf(int level) {
    return (int) halved(width, level);
  }

  private static long halved(long side, int times) {
    long result = side;
    for (int i = 0; i < times; i++) {
      result = LaplacianPyramid.halved(result);
    }
    return result;
  }

  boolean comparableTo(Patches other) {
    return channels == other.channels && height == other.height && width == other.width;
  }

  /**
   * All patches of a level, each channel shifted and scaled to mean 0 and deviation 1 over the set
   * (where it varies at all).
   *
   * @return [images * 128, channels * 7 * 7], float32
   */
  Tensor normalised(int level) {
    Tensor all = Tensors.concat(0, levels.get(level).toArray(Tensor[]::new));
    Tensor byChannel = all.view(all.size(0), channels, SIDE * SIDE);
    for (int c = 0; c < channels; c++) {
      Tensor channel = byChannel.select(1, c); // a view: [images * 128, 49]
      Tensor mean = channel.to(ScalarType.Double).mean();
      channel.sub_(mean);
      double deviation = channel.to(ScalarType.Double).square().mean().sqrt().item_double();
      if (deviation > 0) {
        channel.div_(new Scalar(deviation));
      }
    }
    return all;
  }

  @Override
  public void close() {
    levels.forEach(level -> level.forEach(Tensor::close));
  }
}
