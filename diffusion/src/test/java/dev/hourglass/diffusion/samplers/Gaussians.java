package dev.hourglass.diffusion.samplers;

import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.tensor.Scope;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;

/**
 * Images of independent normal pixels, for which everything is known: the denoiser, and where the
 * probability flow takes each start.
 */
record Gaussians(double mean, double variance) {

  /** D(x, sigma) = (v x + sigma^2 m) / (v + sigma^2). */
  Denoiser denoiser() {
    return (x, sigma) ->
        Scope.of(
            () -> {
              double total = variance + sigma * sigma;
              return x.mul(new Scalar(variance / total))
                  .add(new Scalar(sigma * sigma * mean / total));
            });
  }

  /** Where the flow from {@code x} at {@code from} is at {@code to}. */
  double flow(double x, double from, double to) {
    return mean + (x - mean) * Math.sqrt((variance + to * to) / (variance + from * from));
  }

  double[] flow(double[] x, double from, double to) {
    return IntStream.range(0, x.length).mapToDouble(i -> flow(x[i], from, to)).toArray();
  }
}
