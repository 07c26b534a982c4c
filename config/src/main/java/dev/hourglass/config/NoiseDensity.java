package dev.hourglass.config;

import dev.hourglass.json.Require;

/**
 * The density from which training noise levels sigma are drawn (key {@code sigma_sample_density}).
 * The scales of data and noise, where a density needs them, are the model's.
 */
public sealed interface NoiseDensity {

  /** The path of the section, for messages. */
  String PATH = "model.sigma_sample_density.";

  /**
   * {@code ln sigma} is normal (Karras et al. 2022).
   *
   * @param loc mean of ln sigma (key {@code loc} or {@code mean})
   * @param scale its standard deviation, positive (key {@code scale} or {@code std})
   */
  record LogNormal(double loc, double scale) implements NoiseDensity {
    public LogNormal {
      Require.finite(PATH + "loc", loc);
      Require.positive(PATH + "scale", scale);
    }
  }

  /**
   * {@code ln sigma} is logistic, cut to [min, max].
   *
   * @param loc median of ln sigma; by default ln sigma_data
   * @param scale positive; by default 0.5
   * @param min smallest sigma; by default 0
   * @param max largest sigma; by default infinity
   */
  record LogLogistic(double loc, double scale, double min, double max) implements NoiseDensity {
    public LogLogistic {
      Require.finite(PATH + "loc", loc);
      Require.positive(PATH + "scale", scale);
      Require.notNegative(PATH + "min_value", min);
      Require.ordered(PATH + "min_value", min, PATH + "max_value", max);
    }
  }

  /**
   * {@code ln sigma} is uniform.
   *
   * @param min smallest sigma, positive; by default sigma_min
   * @param max largest sigma; by default sigma_max
   */
  record LogUniform(double min, double max) implements NoiseDensity {
    public LogUniform {
      range(min, max);
    }
  }

  /**
   * The cosine schedule: {@code sigma = sigma_data tan(pi u / 2)}, cut to [min, max] (type {@code
   * v-diffusion} or {@code cosine}).
   *
   * @param min smallest sigma, positive; by default 1e-3
   * @param max largest sigma; by default 1e3
   */
  record VDiffusion(double min, double max) implements NoiseDensity {
    public VDiffusion {
      range(min, max);
    }
  }

  /**
   * {@code ln sigma} follows two half normals that meet at loc.
   *
   * @param loc where they meet (key {@code loc} or {@code mean})
   * @param scale1 standard deviation below loc, positive (key {@code scale_1} or {@code std_1})
   * @param scale2 standard deviation above loc, positive (key {@code scale_2} or {@code std_2})
   */
  record SplitLogNormal(double loc, double scale1, double scale2) implements NoiseDensity {
    public SplitLogNormal {
      Require.finite(PATH + "loc", loc);
      Require.positive(PATH + "scale_1", scale1);
      Require.positive(PATH + "scale_2", scale2);
    }
  }

  /**
   * The time of flow matching, {@code t = s / (s + sigma)} with the noise scale s, is the logistic
   * function of a normal number (Esser et al., "Scaling rectified flow transformers", 2024).
   *
   * @param mean of that number; larger values draw less noise
   * @param std its standard deviation, positive
   */
  record LogitNormal(double mean, double std) implements NoiseDensity {
    public LogitNormal {
      Require.finite(PATH + "mean", mean);
      Require.positive(PATH + "std", std);
    }
  }

  /**
   * The paper's density: log-SNR interpolated between the cosine schedule shifted for a low and for
   * the full resolution (Hoogeboom et al. 2023, "simple diffusion").
   *
   * @param imageD side of the image, positive; by default the longer side of input_size
   * @param noiseDLow side the schedule is shifted to at low noise, positive; by default 32
   * @param noiseDHigh side the schedule is shifted to at high noise, positive; by default the
   *     longer side of input_size
   * @param min smallest sigma, positive; by default the smaller of sigma_min and 1e-3
   * @param max largest sigma; by default the larger of sigma_max and 1e3
   */
  record CosineInterpolated(
      double imageD, double noiseDLow, double noiseDHigh, double min, double max)
      implements NoiseDensity {
    public CosineInterpolated {
      Require.positive(PATH + "image_d", imageD);
      Require.positive(PATH + "noise_d_low", noiseDLow);
      Require.positive(PATH + "noise_d_high", noiseDHigh);
      range(min, max);
    }
  }

  private static void range(double min, double max) {
    Require.positive(PATH + "min_value", min);
    Require.positive(PATH + "max_value", max);
    Require.ordered(PATH + "min_value", min, PATH + "max_value", max);
  }
}
