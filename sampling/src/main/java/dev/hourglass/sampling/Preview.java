package dev.hourglass.sampling;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;

/** The images of a batch on their way, as the model guesses them. Valid during the call only. */
public final class Preview {

  private final int step;
  private final double sigma;
  private final int firstImage;
  private final Tensor denoised;

  /**
   * @param denoised {@code [n, c, h, w]}; not owned
   */
  Preview(int step, double sigma, int firstImage, Tensor denoised) {
    this.step = step;
    this.sigma = sigma;
    this.firstImage = firstImage;
    this.denoised = denoised;
  }

  /** The step that it is the first look of, from 0. */
  public int step() {
    return step;
  }

  /** The noise level that the images have reached. */
  public double sigma() {
    return sigma;
  }

  /** The place of the batch's first image among those requested. */
  public int firstImage() {
    return firstImage;
  }

  /** Whether all values are numbers; what follows from others is none either. */
  public boolean isFinite() {
    return denoised.isfinite().all().item_bool();
  }

  /** The guesses as pictures, made anew at each call. */
  public List<BufferedImage> pictures() {
    return LongStream.range(0, denoised.size(0))
        .mapToObj(i -> Pixels.toImage(denoised.get(i)))
        .toList();
  }
}
