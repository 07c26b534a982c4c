package dev.hourglass.evaluation.features;

import dev.hourglass.core.InputException;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The wavelet scattering transform of images (Mallat, "Group invariant scattering", 2012; Bruna and
 * Mallat, "Invariant scattering convolution networks", 2013), to the numbers of kymatio's {@code
 * Scattering2D(J, shape, L, max_order)} with its default padding:
 *
 * <pre>
 *   order 0   x * phi
 *   order 1   |x * psi_1| * phi                 J L of them
 *   order 2   ||x * psi_1| * psi_2| * phi       L^2 J (J - 1) / 2, the scale of psi_2 the coarser
 * </pre>
 *
 * <p>Convolutions are products of Fourier transforms. What comes out is sampled once in 2^j pixels,
 * j the scale of the wavelet, which adds up parts of its spectrum. Instances hold native memory:
 * close them. They can be used by several threads.
 */
public final class ScatteringTransform implements AutoCloseable {

  private final int scales;
  private final int angles;
  private final int order;
  private final int height;
  private final int width;

  /** Where padded rows and columns come from: reflected, the border not repeated. */
  private final Tensor rows;

  private final Tensor columns;

  /** {@code wavelets[j][r]}: of scale j at 2^r pixels a sample, [angles, h, w, twice the same]. */
  private final Tensor[][] wavelets;

  /** {@code lowPass[r]}: phi at 2^r pixels a sample, [h, w/2 + 1, twice the same]. */
  private final Tensor[] lowPass;

  private final List<Tensor> owned = new ArrayList<>();

  /**
   * Makes the filters for one size of images.
   *
   * @param scales J, at least 1: the coarsest wavelets and the low-pass filter span 2^J pixels
   * @param angles L, at least 1
   * @param order 1 or 2: the highest that is computed
   * @throws InputException if a side is shorter than 2^J
   */
  public ScatteringTransform(int scales, int angles, int order, int height, int width) {
    if (scales < 1 || scales > 16 || angles < 1 || order < 1 || order > 2) {
      throw new IllegalArgumentException(
          "no scattering transform of J=%d, L=%d, order %d".formatted(scales, angles, order));
    }
    if (Math.min(height, width) < 1 << scales) {
      throw new InputException(
          "A scattering transform with J=%d needs images of at least %d pixels a side, not %d x %d."
              .formatted(scales, 1 << scales, width, height));
    }
    this.scales = scales;
    this.angles = angles;
    this.order = order;
    this.height = height;
    this.width = width;
    int paddedHeight = padded(height);
    int paddedWidth = padded(width);
    rows = own(Tensors.ofLongs(reflected(height, paddedHeight), paddedHeight));
    columns = own(Tensors.ofLongs(reflected(width, paddedWidth), paddedWidth));
    wavelets = new Tensor[scales][];
    for (int j = 0; j < scales; j++) {
      int scale = j;
      // A wavelet filters the image, or what a finer one left of it.
      int resolutions = order == 1 ? 1 : Math.max(1, Math.min(j + 1, scales - 1));
      wavelets[j] =
          atResolutions(
              () -> MorletFilters.wavelets(scale, angles, paddedHeight, paddedWidth),
              resolutions,
              UnaryOperator.identity());
    }
    lowPass =
        atResolutions(
            () -> MorletFilters.lowPass(scales, paddedHeight, paddedWidth),
            scales,
            ScatteringTransform::halfSpectrum);
  }

  /** Numbers at each place: 1 + J L, and L^2 J (J - 1) / 2 more with order 2. */
  public int channels() {
    int first = 1 + scales * angles;
    return order == 1 ? first : first + angles * angles * scales * (scales - 1) / 2;
  }

  /**
   * Transforms images.
   *
   * @param images [n, h, w] of this transform's size, float64
   * @return [n, channels, h/2^J, w/2^J], rounded down, float64; channels in kymatio's order: by
   *     order, scale of the first wavelet, its angle, scale of the second, its angle
   */
  public Tensor of(Tensor images) {
    if (images.dim() != 3 || images.size(1) != height || images.size(2) != width) {
      throw new IllegalArgumentException(
          "expected [n, %d, %d], got %s"
              .formatted(height, width, Arrays.toString(Tensors.shape(images))));
    }
    return Scope.of(() -> transform(images));
  }

  private Tensor transform(Tensor images) {
    Tensor padded = images.index_select(1, rows).index_select(2, columns);
    Tensor spectrum = torch.fft_fft2(padded).unsqueeze(1); // [n, 1, h', w']
    List<Tensor> results = new ArrayList<>();
    List<Tensor> second = new ArrayList<>();
    results.add(smooth(padded.unsqueeze(1), 0));
    for (int j = 0; j < scales; j++) {
      Tensor modulus = modulus(spectrum, wavelets[j][0], 1 << j); // [n, L, h'/2^j, w'/2^j]
      results.add(smooth(modulus, j));
      if (order == 2 && j < scales - 1) {
        second.add(second(modulus, j));
      }
    }
    results.addAll(second);
    return Tensors.concat(1, results.toArray(Tensor[]::new));
  }

  /** All of order 2 below one scale, of [n, L, h, w]: [n, L (J-1-j) L, h/2^J, w/2^J]. */
  private Tensor second(Tensor modulus, int j) {
    Tensor spectrum = torch.fft_fft2(modulus).unsqueeze(2); // [n, L, 1, h, w]
    Tensor[] results = new Tensor[scales - 1 - j];
    for (int k = j + 1; k < scales; k++) {
      int coarser = k;
      results[k - j - 1] =
          Scope.of(
              () -> smooth(modulus(spectrum, wavelets[coarser][j], 1 << (coarser - j)), coarser));
    }
    return Tensors.concat(2, results).flatten(1, 2);
  }

  /**
   * {@code |x * psi|}, one sample in {@code factor} kept on either side. That adds up the parts of
   * the product's spectrum that then mean the same frequency; none but their sum is ever stored.
   *
   * @param spectrum [..., 1, h, w], complex
   * @param filters [L, h, w, 2]
   * @return [..., L, h/factor, w/factor]
   */
  private static Tensor modulus(Tensor spectrum, Tensor filters, int factor) {
    Tensor x = torch.view_as_real(spectrum);
    long h = x.size(-3) / factor;
    long w = x.size(-2) / factor;
    Scalar share = new Scalar(1.0 / ((double) factor * factor));
    Tensor sum = part(x, 0, 0, h, w).mul(part(filters, 0, 0, h, w)).mul_(share);
    for (int i = 1; i < factor * factor; i++) {
      int row = i / factor;
      int column = i % factor;
      sum.addcmul_(part(x, row, column, h, w), part(filters, row, column, h, w), share);
    }
    Tensor complex = torch.view_as_real(torch.fft_ifft2(torch.view_as_complex(sum)));
    Tensor re = complex.select(-1, 0);
    Tensor im = complex.select(-1, 1);
    return re.square().addcmul_(im, im).sqrt_();
  }

  private static Tensor part(Tensor x, int row, int column, long h, long w) {
    return x.narrow(-3, row * h, h).narrow(-2, column * w, w);
  }

  /**
   * {@code x * phi}, one sample of 2^J pixels kept, but for the outermost, which see padding only:
   * [..., h, w] of 2^j pixels a sample to [..., h/2^J, w/2^J].
   */
  private Tensor smooth(Tensor x, int j) {
    Tensor spectrum = torch.view_as_real(torch.fft_rfft2(x)).mul(lowPass[j]); // half of it
    Tensor filtered = torch.fft_irfft2(torch.view_as_complex(spectrum));
    long step = 1L << (scales - j);
    LongOptional from = new LongOptional(step);
    LongOptional to = new LongOptional(-step);
    return filtered.slice(-2, from, to, step).slice(-1, from, to, step);
  }

  /** At least 2^J pixels more, and whole samples of 2^J pixels with one to spare on each side. */
  private int padded(int length) {
    return (((length + (1 << scales)) >> scales) + 1) << scales;
  }

  private static long[] reflected(int length, int paddedLength) {
    int before = (paddedLength - length) / 2;
    int period = 2 * (length - 1);
    long[] indices = new long[paddedLength];
    for (int i = 0; i < paddedLength; i++) {
      int at = Math.floorMod(i - before, period);
      indices[i] = Math.min(at, period - at);
    }
    return indices;
  }

  /** A filter for 1, 2, 4, ... pixels a sample, each factor twice: for real and imaginary parts. */
  private Tensor[] atResolutions(
      Supplier<Tensor> filter, int resolutions, UnaryOperator<Tensor> form) {
    Tensor[] result = new Tensor[resolutions];
    Scope.run(
        () -> {
          Tensor full = filter.get().to(ScalarType.Double);
          for (int r = 0; r < resolutions; r++) {
            Tensor kept = form.apply(MorletFilters.atResolution(full, r)).unsqueeze(-1);
            result[r] = own(Tensors.concat(-1, kept, kept));
          }
        });
    return result;
  }

  /**
   * What of a filter [h, w] acts on real images when only the real part of the result is kept: the
   * part that is the same at opposite frequencies (they differ by roundings), and of that the half
   * [h, w/2 + 1] that real Fourier transforms have.
   */
  private static Tensor halfSpectrum(Tensor filter) {
    Tensor opposite = filter.flip(0, 1).roll(new long[] {1, 1}, 0, 1);
    return filter.add(opposite).div(new Scalar(2.0)).narrow(1, 0, filter.size(1) / 2 + 1);
  }

  private Tensor own(Tensor tensor) {
    owned.add(Scope.own(tensor));
    return tensor;
  }

  @Override
  public void close() {
    owned.forEach(Tensor::close);
  }
}
