package dev.hourglass.study.run;

import dev.hourglass.core.InputException;
import dev.hourglass.study.plan.Metric;
import dev.hourglass.study.result.RunTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Measures the metrics of a trained cell: the one place that knows what each of them needs. */
final class CellMetrics {

  static final String VALIDATION_COLUMN = "validation_loss";

  private CellMetrics() {}

  /**
   * The values by name.
   *
   * @param distances asked once, if at all
   * @throws InputException if one of them is not finite, or was not measured
   */
  static Map<String, Double> of(
      List<Metric> metrics, RunTable table, Supplier<CellDistances> distances) {
    Map<String, Double> values = new LinkedHashMap<>();
    Optional<CellDistances> drawn =
        metrics.stream().anyMatch(Metric::needsImages)
            ? Optional.of(distances.get())
            : Optional.empty();
    for (Metric metric : metrics) {
      double value =
          switch (metric) {
            case TRAIN_LOSS -> table.meanOfLastTenth("loss");
            case VALIDATION_LOSS -> table.last(VALIDATION_COLUMN);
            case FID -> drawn.orElseThrow().fid();
            case KID -> drawn.orElseThrow().kid();
          };
      if (!Double.isFinite(value)) {
        throw new InputException(
            "The %s is %s: nothing was measured; leave %s out of metrics."
                .formatted(metric.title(), value, metric.jsonName()));
      }
      values.put(metric.jsonName(), value);
    }
    return values;
  }
}
