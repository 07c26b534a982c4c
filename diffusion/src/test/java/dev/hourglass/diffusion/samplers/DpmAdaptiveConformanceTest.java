package dev.hourglass.diffusion.samplers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.diffusion.Golden;
import dev.hourglass.tensor.Tensors;
import java.util.function.DoubleUnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/**
 * The golden result of dpm-adaptive was computed with its time in float32, on which it depends in
 * the fourth digit. A plain transcription of DPM-Solver-23 in Java numbers bridges the gap: with
 * its scalars rounded to float32 it is the golden result, without rounding it is the sampler's (up
 * to 1e-11: the first steps' sizes follow from errors that are nearly rounding errors).
 */
class DpmAdaptiveConformanceTest {

  private static final double TOLERANCE = 1e-11;

  @Test
  void withFloat32TimeTheTranscriptionIsTheGoldenResult() {
    try (Golden golden = Golden.open("samplers.safetensors")) {
      double[] images = new Transcription(golden, v -> (float) v).solve();
      double[] expected = golden.doubles("out.dpm-adaptive");
      assertThat(Golden.worst("samplers/dpm-adaptive (transcription, float32)", images, expected))
          .isLessThan(TOLERANCE);
    }
  }

  @Test
  void withDoubleTimeTheTranscriptionIsTheSampler() {
    try (Golden golden = Golden.open("samplers.safetensors")) {
      Transcription transcription = new Transcription(golden, v -> v);
      Sampler sampler = Samplers.byName("dpm-adaptive", SamplerOptions.NONE);
      Tensor images =
          sampler.sample(
              (x, sigma) ->
                  Tensors.ofDoubles(
                      transcription.denoise(Tensors.toDoubles(x), sigma), Tensors.shape(x)),
              golden.tensor("in.x").mul(new Scalar(40.0)),
              golden.doubles("in.sigmas"),
              (from, to) -> {
                throw new AssertionError("dpm-adaptive drew noise at eta 0");
              },
              SamplerListener.NONE);
      assertThat(
              Golden.worst(
                  "samplers/dpm-adaptive (transcription, float64)",
                  Tensors.toDoubles(images),
                  transcription.solve()))
          .isLessThan(TOLERANCE);
    }
  }

  /** DPM-Solver-23 with every scalar of time rounded by {@code r}; images stay double. */
  private static final class Transcription {

    private final DoubleUnaryOperator r;
    private final double[] mean;
    private final double[] variance;
    private final double[] start;
    private final double tStart;
    private final double tEnd;

    Transcription(Golden golden, DoubleUnaryOperator r) {
      this.r = r;
      mean = golden.doubles("in.mu");
      variance = golden.doubles("in.var");
      start = golden.doubles("in.x");
      for (int i = 0; i < start.length; i++) {
        start[i] *= 40;
      }
      double[] sigmas = golden.doubles("in.sigmas");
      tStart = -r(Math.log(r(sigmas[0])));
      tEnd = -r(Math.log(r(sigmas[sigmas.length - 2])));
    }

    double[] denoise(double[] x, double sigma) {
      double[] result = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        int p = i % mean.length;
        double linear =
            (variance[p] * x[i] + sigma * sigma * mean[p]) / (variance[p] + sigma * sigma);
        result[i] = 0.7 * Math.tanh(linear) + 0.3 * linear;
      }
      return result;
    }

    double[] solve() {
      double[] x = start;
      double[] previous = start;
      double third = r(1.0 / 3);
      double twoThirds = r(2.0 / 3);
      double t = tStart;
      double step = 0.05;
      while (t < r(tEnd - r(1e-5))) {
        double next = Math.min(tEnd, r(t + r(step)));
        double h = r(next - t);
        double s1 = r(t + r(third * h));
        double s2 = r(t + r(twoThirds * h));
        double h2 = r(twoThirds * h);
        double[] eps = eps(x, t);
        double[] u1 = plus(x, -r(sigma(s1) * expm1(r(third * h))), eps);
        double[] change1 = plus(eps(u1, s1), -1, eps);
        double correction = r(r(sigma(s2) * 2) * r(r(expm1(h2) / h2) - 1));
        double[] u2 = plus(plus(x, -r(sigma(s2) * expm1(h2)), eps), -correction, change1);
        double[] change2 = plus(eps(u2, s2), -1, eps);
        double[] first = plus(x, -r(sigma(next) * expm1(h)), eps);
        double[] low = plus(first, -r(r(sigma(next) / twoThirds) * expm1(h)), change1);
        double[] high =
            plus(first, -r(r(sigma(next) / twoThirds) * r(r(expm1(h) / h) - 1)), change2);
        double factor = 1 + Math.atan(Math.cbrt(1 / (error(low, high, previous) + 1e-8)) - 1);
        step *= factor;
        if (factor >= 0.81) {
          previous = low;
          x = high;
          t = next;
        }
      }
      return x;
    }

    private double error(double[] low, double[] high, double[] previous) {
      double sum = 0;
      for (int i = 0; i < low.length; i++) {
        double magnitude = Math.max(Math.abs(low[i]), Math.abs(previous[i]));
        double tolerance = Math.max(r(0.0078), r(0.05) * magnitude);
        sum += Math.pow((low[i] - high[i]) / tolerance, 2);
      }
      return Math.sqrt(sum / low.length);
    }

    private double[] eps(double[] x, double t) {
      double sigma = sigma(t);
      double[] eps = plus(x, -1, denoise(x, sigma));
      for (int i = 0; i < eps.length; i++) {
        eps[i] /= sigma;
      }
      return eps;
    }

    private static double[] plus(double[] x, double weight, double[] y) {
      double[] sum = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        sum[i] = x[i] + weight * y[i];
      }
      return sum;
    }

    private double sigma(double t) {
      return r(Math.exp(-t));
    }

    private double expm1(double h) {
      return r(Math.expm1(h));
    }

    private double r(double value) {
      return r.applyAsDouble(value);
    }
  }
}
