package dev.hourglass.study.plan;

import dev.hourglass.config.Config;
import dev.hourglass.config.ConfigFile;
import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonText;
import dev.hourglass.ops.Precision;
import dev.hourglass.training.validation.Validating;
import dev.hourglass.training.validation.ValidationLevels;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A study: variants of a config, each trained with the same seeds on the same data for the same
 * budget.
 *
 * @param name also the name of its folder
 * @param precision the number format of matrix products in all cells
 * @param seeds at least one, each once
 * @param metrics at least one; the first ranks the variants
 * @param evaluation the images that metrics compare
 * @param validation which images are held out, if any
 * @param variants at least one, in the order of the file, those of the grids last
 * @param baseline the variant that the others are compared to
 * @param cells all of them, seed by seed, so that a study that is half done has whole pairs
 * @param keep whether checkpoints stay after a cell is done
 * @param source the file's own JSON with the base's config in place of its path, so that it reads
 *     the same on another machine
 */
public record Study(
    String name,
    Budget budget,
    Precision precision,
    List<Long> seeds,
    List<Metric> metrics,
    Samples samples,
    Evaluation evaluation,
    Optional<Validation> validation,
    List<Variant> variants,
    String baseline,
    List<Cell> cells,
    boolean keep,
    ObjectNode source) {

  /** Copies the lists. */
  public Study {
    seeds = List.copyOf(seeds);
    metrics = List.copyOf(metrics);
    variants = List.copyOf(variants);
    cells = List.copyOf(cells);
    source = source.deepCopy();
  }

  /**
   * Reads a study file, JSON in which comments and trailing commas may stand, and checks all of its
   * variants.
   *
   * @param places where the base config may lie
   * @throws InputException if the file cannot be read, a key is unknown, names overlap or a variant
   *     is no valid config
   */
  public static Study load(Path file, Places places) {
    String text = ConfigFile.read(file, "study");
    String stem = file.getFileName().toString().replaceFirst("\\.jsonc?$", "");
    try {
      return new StudyReader(JsonText.parseObject(text), stem, places).read();
    } catch (InputException e) {
      throw new InputException(file + ": " + e.getMessage(), e);
    }
  }

  /** The file's text with every path resolved that the study itself needs. */
  public String toJson() {
    return JsonText.pretty(source);
  }

  /**
   * The cell of a variant and a seed.
   *
   * @throws InputException if there is none
   */
  public Cell cell(String variant, long seed) {
    return cells.stream()
        .filter(cell -> cell.variant().equals(variant) && cell.seed() == seed)
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "The study %s has no cell %s, seed %d.".formatted(name, variant, seed)));
  }

  /**
   * When cells are validated, and how: at the noise levels of the baseline, whatever the variant
   * trains at.
   */
  public Optional<Validating> validating() {
    return validation.map(
        held -> {
          Config base = cell(baseline, seeds.getFirst()).config();
          return held.at(Optional.of(ValidationLevels.of(base.model().diffusion())));
        });
  }

  /** The cells of a variant, in the order of the seeds. */
  public List<Cell> cellsOf(Variant variant) {
    return cells.stream().filter(cell -> cell.variant().equals(variant.name())).toList();
  }
}
