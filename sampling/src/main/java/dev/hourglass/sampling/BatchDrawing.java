package dev.hourglass.sampling;

import dev.hourglass.core.InputException;
import dev.hourglass.core.random.Purpose;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.constraint.Constraint;
import dev.hourglass.diffusion.noise.ImageNoise;
import dev.hourglass.diffusion.noise.NoiseKind;
import dev.hourglass.diffusion.noise.NoiseSource;
import dev.hourglass.diffusion.samplers.Repeats;
import dev.hourglass.diffusion.samplers.Sampler;
import dev.hourglass.diffusion.samplers.step.SamplerListener;
import dev.hourglass.tensor.Tensors;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * How a batch is drawn: from what, over which noise levels, with which noise.
 *
 * @param sigmas of the whole schedule, the last one 0
 */
@SuppressWarnings("ArrayRecordComponent") // As the samplers take them.
record BatchDrawing(Origin origin, Sampler sampler, double[] sigmas) {

  /** How libtorch puts it where a number is multiplied that float32 does not reach. */
  private static final String TOO_LARGE = "without overflow";

  /** The noise levels that are visited; only the 0 if no step is made. */
  double[] levels() {
    return Arrays.copyOfRange(sigmas, origin.firstStep(sigmas.length - 1), sigmas.length);
  }

  /** {@code [n, c, h, w]} in [-1, 1], not clipped unless the origin asks for it. */
  Tensor draw(Denoiser denoiser, DrawnBatch batch, SamplerListener listener) {
    double[] levels = levels();
    Optional<Constraint> constraint = origin.constraint(batch);
    Tensor noise = origin.noise(batch).mul(new Scalar(levels[0]));
    Tensor start = origin.start(noise, batch);
    Tensor drawn =
        levels.length == 1
            ? start
            : sampled(
                constraint.map(known -> known.around(denoiser)).orElse(denoiser),
                start,
                noise(batch),
                repeats(batch),
                listener);
    return constraint.map(known -> known.finish(drawn)).orElse(drawn);
  }

  /** Goes through all steps with an image of one black pixel. */
  void rehearse(Denoiser denoiser) {
    if (levels().length > 1) {
      Tensor pixel = torch.zeros(new long[] {1, 1, 1, 1}, Tensors.options(ScalarType.Float));
      NoiseSource none = (from, to) -> torch.zeros_like(pixel);
      Repeats repeats = new Repeats(Collections.nCopies(origin.repeats() - 1, none), none);
      sampled(denoiser, pixel, none, repeats, SamplerListener.NONE);
    }
  }

  private Tensor sampled(
      Denoiser denoiser,
      Tensor start,
      NoiseSource noise,
      Repeats repeats,
      SamplerListener listener) {
    try {
      return sampler.sample(denoiser, start, levels(), noise, repeats, listener);
    } catch (RuntimeException e) {
      if (String.valueOf(e.getMessage()).contains(TOO_LARGE)) {
        throw new InputException(
            "A number of the settings is too large for float32; choose a smaller one.", e);
      }
      throw e;
    }
  }

  private NoiseSource noise(DrawnBatch batch) {
    double[] levels = levels();
    // A single step goes straight to zero and draws nothing, and a path needs two levels.
    NoiseKind kind = levels.length == 2 ? NoiseKind.NONE : sampler.noiseKind();
    return origin.steps(kind, levels[Math.max(0, levels.length - 2)], levels[0], batch);
  }

  private Repeats repeats(DrawnBatch batch) {
    int more = origin.repeats() - 1;
    return more == 0
        ? Repeats.NONE
        : new Repeats(
            IntStream.rangeClosed(1, more)
                .mapToObj(time -> noise(batch.withSeed(seed(batch, time))))
                .toList(),
            new ImageNoise(seed(batch, 0), batch.indices(), batch.shape()));
  }

  private static long seed(DrawnBatch batch, int time) {
    return RandomStream.of(batch.seed(), Purpose.REPEATED_STEPS, time).nextLong();
  }
}
