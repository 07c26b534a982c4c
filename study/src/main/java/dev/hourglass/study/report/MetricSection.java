package dev.hourglass.study.report;

import dev.hourglass.study.plan.Metric;
import dev.hourglass.study.statistics.PairedDifference;
import dev.hourglass.study.statistics.StudyTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/** The table of one metric. */
final class MetricSection {

  private final StudyTable table;
  private final Metric metric;

  MetricSection(StudyTable table, Metric metric) {
    this.table = table;
    this.metric = metric;
  }

  String html() {
    StringBuilder rows = new StringBuilder();
    table.rows().forEach(row -> rows.append(row(row)));
    String title = metric.jsonName();
    return "<h2>%s</h2>\n<div class=\"wide\"><table>\n".formatted(Html.escape(title))
        + Html.head(
            List.of(
                "variant",
                "mean",
                "difference",
                "95% interval",
                "verdict",
                "p",
                "p (Holm)",
                "st. dev.",
                "seeds"))
        + Html.around("tbody", rows.toString())
        + "</table></div>\n"
        + "<p class=\"note\">%s</p>\n".formatted(Html.escape(explanation()));
  }

  private String row(StudyTable.Row row) {
    Optional<StudyTable.Value> known = Optional.ofNullable(row.metrics().get(metric));
    Optional<PairedDifference> difference = known.flatMap(StudyTable.Value::difference);
    Optional<PairedDifference.Test> test = difference.flatMap(PairedDifference::test);
    List<String> cells = new ArrayList<>();
    cells.add(Html.element("th", row.variant().name()));
    cells.add(cell(known.map(v -> Figures.of(v.summary().mean()))));
    cells.add(cell(difference.map(d -> Figures.signed(d.mean()))));
    cells.add(cell(test.map(t -> Figures.signed(t.low()) + " to " + Figures.signed(t.high()))));
    cells.add(verdict(row, known, test));
    cells.add(cell(test.map(t -> Figures.probability(t.p()))));
    cells.add(cell(known.flatMap(v -> text(v.corrected(), Figures::probability))));
    cells.add(cell(known.flatMap(v -> text(v.summary().deviation(), Figures::of))));
    cells.add(cell(Optional.of(known.map(v -> v.summary().n()).orElse(0) + " of " + row.cells())));
    return Html.around("tr", String.join("", cells)) + "\n";
  }

  private String verdict(
      StudyTable.Row row, Optional<StudyTable.Value> known, Optional<PairedDifference.Test> test) {
    if (known.isEmpty()) {
      return cell(Optional.of(row.results().isEmpty() ? "not run yet" : "failed"));
    }
    if (row.variant().name().equals(table.study().baseline())) {
      return cell(Optional.of("baseline"));
    }
    if (test.isEmpty()) {
      return cell(Optional.of("one pair: no interval"));
    }
    if (!known.get().significant()) {
      return cell(Optional.of("not significant"));
    }
    boolean better = metric.better(known.get().difference().orElseThrow().mean(), 0);
    String word = better ? "better" : "worse";
    return "<td class=\"%s\">significant: %s</td>".formatted(word, word);
  }

  private static Optional<String> text(OptionalDouble value, DoubleFunction<String> figures) {
    return value.stream().mapToObj(figures).findFirst();
  }

  private static String cell(Optional<String> text) {
    return Html.element("td", text.orElse(""));
  }

  private String explanation() {
    String seeds =
        table.study().seeds().size() == 1
            ? " There is one seed, so nothing is said of chance; give three or more."
            : "";
    return """
    %s. Differences are to %s, seed by seed: a seed has the same order of images, noise, noise \
    levels and initial weights in all variants. Intervals and p are those of Student's paired \
    t-test, each variant by itself; p (Holm) is corrected for the number of variants, and at \
    most %s is called significant.%s\
    """
        .formatted(
            Figures.sentence(metric.description()),
            table.study().baseline(),
            StudyTable.LEVEL,
            seeds);
  }
}
