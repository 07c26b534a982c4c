package dev.hourglass.study.report;

import dev.hourglass.study.plan.Metric;
import dev.hourglass.study.statistics.PairedDifference;
import dev.hourglass.study.statistics.StudyTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
                "seeds",
                "mean",
                "st. dev.",
                "difference",
                "95% interval",
                "p",
                "p (Holm)",
                "verdict"))
        + Html.around("tbody", rows.toString())
        + "</table></div>\n"
        + "<p class=\"note\">%s</p>\n".formatted(Html.escape(explanation()));
  }

  private String row(StudyTable.Row row) {
    String name = row.variant().name();
    Optional<StudyTable.Value> known = Optional.ofNullable(row.metrics().get(metric));
    List<String> cells = new ArrayList<>();
    cells.add(name);
    cells.add(known.map(v -> v.summary().n()).orElse(0) + " of " + row.cells());
    if (known.isEmpty()) {
      cells.addAll(List.of("", "", "", "", "", ""));
      return withVerdict(cells, "", row.results().isEmpty() ? "not run yet" : "failed");
    }
    StudyTable.Value value = known.get();
    cells.add(Figures.of(value.summary().mean()));
    cells.add(
        value.summary().deviation().isPresent()
            ? Figures.of(value.summary().deviation().getAsDouble())
            : "");
    Optional<PairedDifference> difference = value.difference();
    Optional<PairedDifference.Test> test = difference.flatMap(PairedDifference::test);
    cells.add(difference.map(d -> Figures.signed(d.mean())).orElse(""));
    cells.add(
        test.map(t -> "%s to %s".formatted(Figures.signed(t.low()), Figures.signed(t.high())))
            .orElse(""));
    cells.add(test.map(t -> Figures.probability(t.p())).orElse(""));
    cells.add(value.corrected().stream().mapToObj(Figures::probability).findFirst().orElse(""));
    if (name.equals(table.study().baseline())) {
      return withVerdict(cells, "", "baseline");
    }
    if (test.isEmpty()) {
      return withVerdict(cells, "", "one pair: no interval");
    }
    if (!value.significant()) {
      return withVerdict(cells, "", "not significant");
    }
    boolean better = metric.better(difference.orElseThrow().mean(), 0);
    return withVerdict(
        cells, better ? "better" : "worse", "significant: " + (better ? "better" : "worse"));
  }

  private static String withVerdict(List<String> cells, String style, String verdict) {
    String row = Html.row(cells);
    return row.replace(
        "</tr>", "<td class=\"%s\">%s</td></tr>".formatted(style, Html.escape(verdict)));
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
