package dev.hourglass.evaluation.features;

import dev.hourglass.core.InputException;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.InterpolateFuncOptions;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.kBicubic;

/** What extractors do to a batch of images, {@code [n, c, h, w]}. */
final class ImageBatch {

  private ImageBatch() {}

  /**
   * Checks what an extractor was given.
   *
   * @throws InputException if images have neither 1 nor 3 channels
   * @throws IllegalArgumentException if it is no batch of bytes
   */
  static void check(Tensor pixels) {
    if (pixels.dim() != 4 || pixels.scalar_type().intern() != ScalarType.Byte) {
      throw new IllegalArgumentException(
          "expected bytes [n, c, h, w], got %s of %s"
              .formatted(Arrays.toString(Tensors.shape(pixels)), pixels.scalar_type()));
    }
    long channels = pixels.size(1);
    if (channels != 1 && channels != 3) {
      throw new InputException(
          "Features are made of images with 1 (gray) or 3 channels (red, green, blue), but these have %d; convert them first."
              .formatted(channels));
    }
  }

  /** Gray images three times, [n, 3, h, w]; others as they are. */
  static Tensor coloured(Tensor images) {
    return images.size(1) == 3 ? images : images.expand(-1, 3, -1, -1);
  }

  /**
   * Bicubic resizing with antialiasing as PyTorch's {@code interpolate(mode="bicubic",
   * antialias=True)}: Keys' cubic with a = -0.5, widened by the ratio where the image shrinks.
   * Overshoots are kept.
   *
   * @param images [n, c, h, w], of a floating-point type
   * @return [n, c, height, width]
   */
  static Tensor resized(Tensor images, long height, long width) {
    if (images.size(2) == height && images.size(3) == width) {
      return images;
    }
    InterpolateFuncOptions options = new InterpolateFuncOptions();
    options.size().put(new LongVector(height, width));
    options.mode().put(new kBicubic());
    options.align_corners().put(false);
    options.antialias().put(true);
    return torch.interpolate(images, options);
  }
}
