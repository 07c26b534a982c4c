package dev.hourglass.cli.evaluate;

import dev.hourglass.config.DatasetConfig;
import dev.hourglass.config.DatasetType;
import dev.hourglass.core.InputException;
import dev.hourglass.evaluation.Resamples;
import dev.hourglass.evaluation.features.FeatureChoice;
import dev.hourglass.evaluation.store.FeatureCache;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that say what images are compared with, and by what. */
public final class ReferenceOptions {

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "The real images (default: the config's dataset.location: what the model was trained"
              + " on).")
  public Path data;

  @Option(
      names = "--data-type",
      paramLabel = "TYPE",
      defaultValue = "",
      description =
          "How they are stored: imagefolder, tar, ... (default: the config's dataset.type, or"
              + " imagefolder).")
  public String type;

  @Option(
      names = "--data-count",
      paramLabel = "N",
      description = "How many of them, a random choice that is always the same (default: all).")
  public Integer dataCount;

  @Option(
      names = "--fit",
      description = "Resize and convert images of another size or colour, as train does.")
  public boolean fit;

  @Option(
      names = "--features",
      paramLabel = "scattering|FILE.pt",
      defaultValue = "scattering",
      description =
          "What images are compared by: wavelet scattering, which needs no weights, or a"
              + " TorchScript network (default: ${DEFAULT-VALUE}).")
  public String features;

  @Option(
      names = "--preprocess",
      paramLabel = "inception|clip|dinov2|none",
      description = "How images are prepared for the network of --features.")
  public String preprocess;

  @Option(
      names = "--pixels",
      description =
          "Also compare the pixels of --images with those of --data: sliced Wasserstein distances"
              + " and radial spectra.")
  public boolean pixels;

  @Option(
      names = "--resamples",
      paramLabel = "N",
      defaultValue = "100",
      description =
          "How often numbers are computed again for their standard errors, 0 for none (default:"
              + " ${DEFAULT-VALUE}).")
  public int resamples;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description =
          "Where features of real images are kept (default: hourglass/features in the user's"
              + " cache).")
  public Path cache;

  @Option(names = "--no-cache", description = "Keep no features.")
  public boolean noCache;

  /** Checks what can be checked without any file. */
  public void check() {
    if (dataCount != null && dataCount < 2) {
      throw new InputException("--data-count must be at least 2, not %d.".formatted(dataCount));
    }
    if (noCache && cache != null) {
      throw new InputException("--no-cache keeps nothing in --cache; leave one of them out.");
    }
    resamples();
  }

  /** What images are compared by. */
  public FeatureChoice choice() {
    return FeatureChoice.of(features, Optional.ofNullable(preprocess));
  }

  /** How standard errors are found. */
  public Resamples resamples() {
    return new Resamples(resamples, Resamples.DEFAULT.seed());
  }

  /** Where features are kept; empty for nowhere. */
  public Optional<FeatureCache> cache() {
    if (noCache) {
      return Optional.empty();
    }
    return Optional.of(cache == null ? FeatureCache.ofUser() : new FeatureCache(cache));
  }

  /** How many images of a set. */
  public int count() {
    return dataCount == null ? Integer.MAX_VALUE : dataCount;
  }

  /**
   * The set in the words of a config.
   *
   * @param model that of the model, whose type and turning are taken over
   */
  public DatasetConfig dataset(DatasetConfig model) {
    return of(type.isEmpty() ? model.type() : DatasetType.readable(type), model.exifOrientation());
  }

  /** A folder of images, or what --data-type says. */
  public DatasetConfig dataset() {
    return of(type.isEmpty() ? DatasetType.IMAGEFOLDER : DatasetType.readable(type), true);
  }

  /** A folder of images, whatever --data-type says. */
  public static DatasetConfig folder() {
    return of(DatasetType.IMAGEFOLDER, true);
  }

  private static DatasetConfig of(DatasetType type, boolean upright) {
    return new DatasetConfig(
        type, "", 0, DatasetConfig.defaults().condDropoutRate(), upright, Map.of());
  }
}
