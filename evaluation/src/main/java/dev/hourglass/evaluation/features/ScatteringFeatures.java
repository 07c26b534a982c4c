package dev.hourglass.evaluation.features;

import dev.hourglass.kernels.parallel.Workers;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Features that need no trained network: wavelet scattering coefficients of colours, {@value #SIZE}
 * numbers an image.
 *
 * <ol>
 *   <li>The image is resized to {@value #SIDE} x {@value #SIDE} (bicubic, antialiased), whatever
 *       its size and form, as Inception resizes to 299 x 299: so a feature is about the same part
 *       of the picture at every resolution, and costs the same. Detail finer than 1/{@value #SIDE}
 *       of the picture is not seen.
 *   <li>Its colours become {@code (R + G + B) / 3, (R - G) / 2, (R + G) / 4 - B / 2}. A modulus
 *       forgets the phase, so moduli of red and of green do not tell a gray edge from one between
 *       red and green; those of differences do. A gray image has the features of its copy in three
 *       channels.
 *   <li>Scattering ({@link ScatteringTransform}) with J = {@value #SCALES}, L = {@value #ANGLES}:
 *       of order 2 for brightness, of order 1 for the two differences, in levels of 0..255.
 *   <li>The mean over each of {@value #CELLS} x {@value #CELLS} cells.
 *   <li>{@code log(1 + s)} of orders 1 and 2, which are positive: their distribution comes closer
 *       to the Gaussian that the Fréchet distance takes it for (Andén and Mallat, "Deep scattering
 *       spectrum", 2014). Order 0 is divided by {@value #BRIGHTNESS_UNIT}, about its spread among
 *       photographs, so that it weighs like the rest.
 * </ol>
 *
 * <p>Each image is computed alone, on one thread: its features do not depend on the batch or on the
 * number of threads, to the bit.
 */
public final class ScatteringFeatures implements FeatureExtractor {

  static final int SIDE = 64;
  static final int SCALES = 4;
  static final int ANGLES = 4;
  static final int CELLS = 2;
  static final int BRIGHTNESS_UNIT = 64;

  /** 113 coefficients of brightness and 17 of each difference, in 4 cells. */
  static final int SIZE = 588;

  private final ScatteringTransform brightness =
      new ScatteringTransform(SCALES, ANGLES, 2, SIDE, SIDE);
  private final ScatteringTransform differences =
      new ScatteringTransform(SCALES, ANGLES, 1, SIDE, SIDE);

  @Override
  public String name() {
    return "scattering (J=%d, L=%d, %dx%d)".formatted(SCALES, ANGLES, SIDE, SIDE);
  }

  /** Says all there is to the features; count up the version when a change alters numbers. */
  @Override
  public String digest() {
    return "scattering-1-J%d-L%d-%d-cells%d".formatted(SCALES, ANGLES, SIDE, CELLS);
  }

  @Override
  public ImageFeatures of(Tensor pixels) {
    ImageBatch.check(pixels);
    int images = Math.toIntExact(pixels.size(0));
    double[] all = new double[images * SIZE];
    int threads = torch.get_num_threads();
    try {
      Workers.shared()
          .run(
              images,
              (image, scratch) -> {
                torch.set_num_threads(1); // A setting of this thread: two pools would compete.
                double[] features = ofOne(pixels, image);
                System.arraycopy(features, 0, all, image * SIZE, SIZE);
              });
    } finally {
      torch.set_num_threads(threads);
    }
    return new ImageFeatures(Tensors.ofDoubles(all, images, SIZE), Optional.empty());
  }

  private double[] ofOne(Tensor pixels, int image) {
    double[][] result = new double[1][];
    Scope.run(
        () -> {
          Tensor one = pixels.narrow(0, image, 1).to(ScalarType.Double);
          Tensor resized = ImageBatch.resized(one, SIDE, SIDE).select(0, 0); // [c, side, side]
          Tensor light = cells(brightness.of(resized.mean(0).unsqueeze(0)));
          Tensor colour = cells(differences.of(colourDifferences(resized)));
          result[0] = Tensors.toDoubles(Tensors.concat(0, light.flatten(), colour.flatten()));
        });
    return result[0];
  }

  /** [c, h, w] to [2, h, w]; none of a gray image. */
  private static Tensor colourDifferences(Tensor image) {
    if (image.size(0) == 1) {
      return image.new_zeros(2, SIDE, SIDE);
    }
    Tensor red = image.select(0, 0);
    Tensor green = image.select(0, 1);
    Tensor blue = image.select(0, 2);
    Tensor redGreen = red.sub(green).div(new Scalar(2.0));
    Tensor yellowBlue = red.add(green).div(new Scalar(4.0)).sub(blue.div(new Scalar(2.0)));
    return torch.stack(new TensorVector(redGreen, yellowBlue), 0);
  }

  /** [n, channels, h, w], the first channel of order 0, to [n, channels, cells, cells]. */
  private static Tensor cells(Tensor coefficients) {
    Tensor means = torch.adaptive_avg_pool2d(coefficients, CELLS, CELLS);
    Tensor orderZero = means.narrow(1, 0, 1).div(new Scalar((double) BRIGHTNESS_UNIT));
    // The low-pass filter's periodic form can ring below zero by a rounding.
    Tensor others = means.narrow(1, 1, means.size(1) - 1).clamp_min(new Scalar(0.0)).log1p();
    return Tensors.concat(1, orderZero, others);
  }

  @Override
  public void close() {
    brightness.close();
    differences.close();
  }
}
