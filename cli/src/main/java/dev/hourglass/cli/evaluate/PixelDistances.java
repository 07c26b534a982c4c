package dev.hourglass.cli.evaluate;

import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.evaluation.Score;
import dev.hourglass.evaluation.features.Planes;
import dev.hourglass.evaluation.pixels.Patches;
import dev.hourglass.evaluation.pixels.RadialSpectrum;
import dev.hourglass.evaluation.pixels.SlicedWasserstein;
import dev.hourglass.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.PrimitiveIterator;

/** The distances of two sets of images that need no features, over equally many of both. */
public final class PixelDistances {

  private static final long SEED = 0;

  private final FittedImages real;
  private final FittedImages images;
  private final Watch watch;

  /** Two sets of one format. */
  public PixelDistances(FittedImages real, FittedImages images, Watch watch) {
    this.real = real;
    this.images = images;
    this.watch = watch;
  }

  /**
   * Sliced Wasserstein distances by level and their mean, and the distance of the radial spectra.
   */
  public List<Score> scores() {
    FittedImages.Format format = images.format();
    int height = format.size().height();
    int width = format.size().width();
    RadialSpectrum spectrum = new RadialSpectrum(height, width);
    RadialSpectrum realSpectrum = new RadialSpectrum(height, width);
    try (Patches patches = new Patches(SEED, format.channels(), height, width);
        Patches realPatches = new Patches(SEED, format.channels(), height, width)) {
      int most = Math.min(images.size(), real.size());
      watch.begin("pixels", 0, most);
      PrimitiveIterator.OfInt next = order(images);
      PrimitiveIterator.OfInt realNext = order(real);
      int pairs = 0;
      while (true) {
        Optional<Planes> image = read(images, next);
        Optional<Planes> realImage = read(real, realNext);
        if (image.isEmpty() || realImage.isEmpty()) {
          break;
        }
        Scope.run(() -> add(image.get(), patches, spectrum));
        Scope.run(() -> add(realImage.get(), realPatches, realSpectrum));
        pairs++;
        watch.done(pairs);
      }
      return scores(
          SlicedWasserstein.between(realPatches, patches, SEED),
          realSpectrum.decibelsTo(spectrum),
          pairs);
    }
  }

  private static PrimitiveIterator.OfInt order(FittedImages images) {
    return Arrays.stream(images.choice(images.size())).iterator();
  }

  /** The next that can be read. */
  private static Optional<Planes> read(FittedImages images, PrimitiveIterator.OfInt order) {
    while (order.hasNext()) {
      try {
        return Optional.of(images.read(order.nextInt()));
      } catch (CorruptImageException e) {
        // Named when its features were computed.
      }
    }
    return Optional.empty();
  }

  private static void add(Planes image, Patches patches, RadialSpectrum spectrum) {
    var pixels = Planes.batch(List.of(image)); // [1, c, h, w]
    patches.add(pixels);
    spectrum.add(pixels);
  }

  private static List<Score> scores(
      List<SlicedWasserstein.Level> levels, double decibels, int pairs) {
    List<Score> scores = new ArrayList<>();
    scores.add(
        score(
            "swd",
            "sliced Wasserstein x1000, %d images".formatted(pairs),
            SlicedWasserstein.mean(levels)));
    for (SlicedWasserstein.Level level : levels) {
      scores.add(
          score(
              "swd_%dx%d".formatted(level.height(), level.width()),
              "  at %dx%d".formatted(level.height(), level.width()),
              level.distance()));
    }
    scores.add(score("spectrum_db", "radial spectrum, dB", decibels));
    return scores;
  }

  private static Score score(String key, String name, double value) {
    return new Score(key, name, value, OptionalDouble.empty(), "", true);
  }
}
