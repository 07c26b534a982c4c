package dev.hourglass.study.statistics;

import dev.hourglass.study.plan.Cell;
import dev.hourglass.study.plan.Metric;
import dev.hourglass.study.plan.Study;
import dev.hourglass.study.plan.Variant;
import dev.hourglass.study.result.CellResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The numbers of a study: a row a variant.
 *
 * @param rows in the order of the study
 */
public record StudyTable(Study study, List<Row> rows) {

  /** The level of the familywise error. */
  public static final double LEVEL = 0.05;

  /** Copies the list. */
  public StudyTable {
    rows = List.copyOf(rows);
  }

  /**
   * A variant.
   *
   * @param results those that are there, by seed, failed ones included
   * @param cells how many there are to be
   * @param metrics what is known of each
   */
  public record Row(
      Variant variant, int cells, Map<Long, CellResult> results, Map<Metric, Value> metrics) {
    /** The result of some seed that did not fail, for what is the same for all. */
    public Optional<CellResult> any() {
      return results.values().stream().filter(result -> result.failure().isEmpty()).findFirst();
    }
  }

  /**
   * A metric of a variant.
   *
   * @param difference to the baseline over the seeds that both have; empty for the baseline itself,
   *     and where there are none
   * @param corrected p after Holm's correction over the variants; empty without a test
   */
  public record Value(
      Summary summary, Optional<PairedDifference> difference, OptionalDouble corrected) {
    /** Whether the difference is more than chance, at {@link #LEVEL} for all variants together. */
    public boolean significant() {
      return corrected.isPresent() && corrected.getAsDouble() <= LEVEL;
    }
  }

  /** The table of what is there so far. */
  public static StudyTable of(Study study, Map<Cell, CellResult> results) {
    Map<String, Map<Long, CellResult>> byVariant = new LinkedHashMap<>();
    study.variants().forEach(variant -> byVariant.put(variant.name(), new LinkedHashMap<>()));
    results.forEach((cell, result) -> byVariant.get(cell.variant()).put(cell.seed(), result));
    Map<Metric, Map<String, Value>> values = new LinkedHashMap<>();
    study.metrics().forEach(metric -> values.put(metric, values(study, metric, byVariant)));
    List<Row> rows = new ArrayList<>();
    for (Variant variant : study.variants()) {
      Map<Metric, Value> own = new LinkedHashMap<>();
      values.forEach(
          (metric, all) -> {
            if (all.containsKey(variant.name())) {
              own.put(metric, all.get(variant.name()));
            }
          });
      rows.add(new Row(variant, study.seeds().size(), byVariant.get(variant.name()), own));
    }
    return new StudyTable(study, rows);
  }

  private static Map<String, Value> values(
      Study study, Metric metric, Map<String, Map<Long, CellResult>> byVariant) {
    Map<Long, Double> base = measured(metric, byVariant.get(study.baseline()));
    Map<String, Summary> summaries = new LinkedHashMap<>();
    Map<String, PairedDifference> differences = new LinkedHashMap<>();
    byVariant.forEach(
        (variant, results) -> {
          Map<Long, Double> own = measured(metric, results);
          if (!own.isEmpty()) {
            summaries.put(variant, Summary.of(array(own, List.copyOf(own.keySet()))));
          }
          List<Long> both = own.keySet().stream().filter(base::containsKey).toList();
          if (!variant.equals(study.baseline()) && !both.isEmpty()) {
            differences.put(variant, PairedDifference.of(array(own, both), array(base, both)));
          }
        });
    Map<String, Double> corrected = corrected(differences);
    Map<String, Value> values = new LinkedHashMap<>();
    summaries.forEach(
        (variant, summary) -> {
          Double p = corrected.get(variant);
          values.put(
              variant,
              new Value(
                  summary,
                  Optional.ofNullable(differences.get(variant)),
                  p == null ? OptionalDouble.empty() : OptionalDouble.of(p)));
        });
    return values;
  }

  /** Holm's correction over the variants that have a test. */
  private static Map<String, Double> corrected(Map<String, PairedDifference> differences) {
    List<String> tested =
        differences.keySet().stream()
            .filter(variant -> differences.get(variant).test().isPresent())
            .toList();
    double[] p =
        Holm.correct(
            tested.stream()
                .mapToDouble(variant -> differences.get(variant).test().orElseThrow().p())
                .toArray());
    Map<String, Double> corrected = new LinkedHashMap<>();
    for (int i = 0; i < p.length; i++) {
      corrected.put(tested.get(i), p[i]);
    }
    return corrected;
  }

  private static Map<Long, Double> measured(Metric metric, Map<Long, CellResult> results) {
    Map<Long, Double> values = new LinkedHashMap<>();
    results.forEach(
        (seed, result) -> result.metric(metric).ifPresent(value -> values.put(seed, value)));
    return values;
  }

  private static double[] array(Map<Long, Double> values, List<Long> seeds) {
    return seeds.stream().mapToDouble(values::get).toArray();
  }

  /** Cells with a result. */
  public int done() {
    return rows.stream().mapToInt(row -> row.results().size()).sum();
  }

  /** The variant with the best mean of the study's first metric. */
  public Optional<Row> best() {
    Metric metric = study.metrics().getFirst();
    return rows.stream()
        .filter(row -> row.metrics().containsKey(metric))
        .reduce(
            (one, other) -> metric.better(mean(other, metric), mean(one, metric)) ? other : one);
  }

  private static double mean(Row row, Metric metric) {
    return row.metrics().get(metric).summary().mean();
  }
}
