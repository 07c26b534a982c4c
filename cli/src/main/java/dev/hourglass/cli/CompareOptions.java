package dev.hourglass.cli;

import dev.hourglass.cli.report.CostComparison;
import dev.hourglass.cli.report.CostComparison.Compared;
import dev.hourglass.cli.report.CostPlot;
import dev.hourglass.config.Config;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options of {@code hourglass inspect} for models side by side. */
final class CompareOptions {

  /** The flat transformer that every chart shows for comparison; below the launcher's folder. */
  private static final String FLAT = "configs/ablation/r1.jsonc";

  private static final String FLAT_NAME = "DiT-B/4";

  private static final List<Size> SIZES = Stream.of(128, 256, 512, 1024).map(Size::square).toList();

  @Option(
      names = "--compare",
      description = "Show the models side by side, also where there is one FILE only.")
  boolean compare;

  @Option(
      names = "--sizes",
      paramLabel = "HxW",
      split = ",",
      description = "Sizes of the images to compare at (default: 128,256,512,1024).")
  List<Size> sizes = List.of();

  @Option(
      names = "--names",
      paramLabel = "NAME",
      split = ",",
      description = "What to call the models, one name a FILE (default: the files' names).")
  List<String> names = List.of();

  @Option(
      names = "--grow",
      description =
          "Give each model one more outer level, like its outermost, for every doubling of its"
              + " training size, as the paper does.")
  boolean grow;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description =
          "Draw MACs against resolution as a PNG, beside those of a flat transformer ("
              + FLAT_NAME
              + ").")
  Path plot;

  /** Whether any of them was given. */
  boolean wanted() {
    return compare || grow || plot != null || !sizes.isEmpty() || !names.isEmpty();
  }

  /**
   * The models side by side.
   *
   * @param onlySize what {@code --size} says
   */
  CostComparison comparison(
      List<Path> files, List<ModelConfig> models, Optional<Size> onlySize, int batchSize) {
    List<String> labels = names.isEmpty() ? labels(files) : names;
    if (labels.size() != files.size()) {
      throw new InputException(
          "--names has %d names for %d files; give one for each."
              .formatted(labels.size(), files.size()));
    }
    List<Compared> compared = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      compared.add(new Compared(labels.get(i), files.get(i).toString(), models.get(i)));
    }
    return new CostComparison(compared, sizes(onlySize), batchSize, grow);
  }

  private List<Size> sizes(Optional<Size> onlySize) {
    return sizes.isEmpty() ? onlySize.map(List::of).orElse(SIZES) : sizes;
  }

  /** The names of the files without their endings; the paths of those that share one. */
  private static List<String> labels(List<Path> files) {
    List<String> stems = files.stream().map(CompareOptions::label).toList();
    return files.stream()
        .map(file -> Collections.frequency(stems, label(file)) == 1 ? label(file) : file.toString())
        .toList();
  }

  private static String label(Path file) {
    return file.getFileName().toString().replaceFirst("\\.(jsonc?|safetensors|pth?)$", "");
  }

  /** Draws the chart, if one is wanted. */
  void draw(CostComparison comparison) {
    if (plot != null) {
      ModelConfig flat = Config.load(Launcher.home().resolve(FLAT)).model();
      CostPlot.write(plot, comparison, new Compared(FLAT_NAME, FLAT, flat));
    }
  }
}
