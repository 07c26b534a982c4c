package dev.hourglass.diffusion.samplers.step;

import dev.hourglass.diffusion.Denoiser;
import dev.hourglass.diffusion.noise.NoiseSource;
import org.bytedeco.pytorch.Tensor;

/** What a sampler sees of one step of a run; its tensors live as long as the step. */
public final class Step {

  private final Run run;
  private final int index;
  private final Tensor x;

  public Step(Run run, int index, Tensor x) {
    this.run = run;
    this.index = index;
    this.x = x;
  }

  /** Everything that stays the same during a run, and what it remembers. */
  public static final class Run {

    private final Denoiser denoiser;
    private final double[] sigmas;
    private final NoiseSource noise;
    private final SamplerListener listener;
    private final History history;

    public Run(
        Denoiser denoiser,
        double[] sigmas,
        NoiseSource noise,
        SamplerListener listener,
        History history) {
      this.denoiser = denoiser;
      this.sigmas = sigmas;
      this.noise = noise;
      this.listener = listener;
      this.history = history;
    }
  }

  public int index() {
    return index;
  }

  /** Steps of the whole run. */
  public int count() {
    return run.sigmas.length - 1;
  }

  /** The images at the start of the step, [n, c, h, w]. */
  public Tensor x() {
    return x;
  }

  /** The noise level of {@link #x()}. */
  public double sigma() {
    return run.sigmas[index];
  }

  /** The noise level that the step goes to; 0 in the last one. */
  public double next() {
    return run.sigmas[index + 1];
  }

  public boolean isLast() {
    return next() == 0;
  }

  /** The noise level {@code steps} steps after this one, or before it if negative. */
  public double sigma(int steps) {
    return run.sigmas[index + steps];
  }

  /** log(sigma / next): the length of the step in half log SNR, which DPM solvers call h. */
  public double length() {
    return Math.log(sigma() / next());
  }

  /** The length of the step {@code age} steps ago. */
  public double length(int age) {
    return Math.log(sigma(-age) / sigma(1 - age));
  }

  public Tensor denoise(Tensor images, double sigma) {
    return run.denoiser.denoise(images, sigma);
  }

  /** The first look of a step: denoises and tells the listener. */
  public Tensor denoiseAndReport(Tensor images, double sigma) {
    Tensor denoised = denoise(images, sigma);
    run.listener.step(index, count(), sigma(), denoised);
    return denoised;
  }

  /** A draw from the noise source as the images' type, on their device. */
  public Tensor noise(double from, double to) {
    return like(x, run.noise.noise(from, to));
  }

  public void skipNoise(double from, double to) {
    run.noise.skip(from, to);
  }

  /** Hands a tensor to the later steps. */
  public void remember(Tensor tensor) {
    run.history.push(tensor);
  }

  /** How many tensors earlier steps have handed on, up to the sampler's memory. */
  public int remembered() {
    return run.history.size();
  }

  /** What was remembered {@code age} calls before the newest. */
  public Tensor earlier(int age) {
    return run.history.get(age);
  }

  public static Tensor like(Tensor images, Tensor noise) {
    return noise.to(images.device(), images.scalar_type());
  }
}
