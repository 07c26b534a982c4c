package dev.hourglass.study.report;

import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.json.JsonText;
import dev.hourglass.study.plan.Cell;
import dev.hourglass.study.plan.Metric;
import dev.hourglass.study.plan.Study;
import dev.hourglass.study.result.CellResult;
import dev.hourglass.study.result.StudyFolder;
import dev.hourglass.study.statistics.StudyTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.knowm.xchart.XYChart;

/**
 * A study as one HTML file: style, charts and images lie within it, nothing is fetched, and it
 * holds no script.
 */
public final class HtmlReport {

  private final StudyTable table;
  private final Study study;
  private final StudyFolder folder;
  private final Map<Cell, CellResult> results;
  private final String command;

  private HtmlReport(
      Study study, Map<Cell, CellResult> results, StudyFolder folder, String command) {
    this.table = StudyTable.of(study, results);
    this.study = study;
    this.results = results;
    this.folder = folder;
    this.command = command;
  }

  /**
   * Writes it.
   *
   * @param results of the study, by cell
   * @param folder where the sample grids are
   * @param command that runs the study again
   */
  public static void write(
      Path file, Study study, Map<Cell, CellResult> results, StudyFolder folder, String command) {
    AtomicFiles.writeString(file, new HtmlReport(study, results, folder, command).page());
  }

  private String page() {
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
    <title>%s</title>
    <style>
    %s</style>
    </head>
    <body>
    %s</body>
    </html>
    """
        .formatted(Html.escape(study.name()), style(), String.join("", sections()));
  }

  private static String style() {
    try (InputStream css = HtmlReport.class.getResourceAsStream("report.css")) {
      return new String(
          Objects.requireNonNull(css, "report.css").readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> sections() {
    List<String> sections = new ArrayList<>();
    sections.add(Html.element("h1", study.name()) + "\n");
    sections.add(new FactsSection(table, command).html());
    for (Metric metric : study.metrics()) {
      sections.add(new MetricSection(table, metric).html());
    }
    sections.add(costs());
    sections.addAll(charts());
    sections.add(new SampleSection(study, folder, results).html());
    sections.add(failures());
    sections.add(variants());
    return sections;
  }

  private String costs() {
    StringBuilder rows = new StringBuilder();
    for (StudyTable.Row row : table.rows()) {
      rows.append(
          Html.row(
              List.of(
                  row.variant().name(),
                  row.any().map(r -> Figures.count(r.parameters())).orElse(""),
                  row.any().map(r -> Figures.gmac(r.macs())).orElse(""),
                  row.any().map(r -> Figures.count(r.steps())).orElse(""),
                  text(RowCost.imagesPerSecond(row).stream().mapToObj(Figures::of).toList()),
                  text(
                      RowCost.peakMemoryBytes(row).stream()
                          .mapToObj(bytes -> Figures.mebibytes((long) bytes))
                          .toList()),
                  text(RowCost.trainingSeconds(row).stream().mapToObj(Figures::time).toList()))));
    }
    return "<h2>Cost</h2>\n<div class=\"wide\"><table>\n"
        + Html.head(
            List.of(
                "variant",
                "parameters",
                "GMAC",
                "steps",
                "images/s",
                "peak memory, MiB",
                "training time"))
        + Html.around("tbody", rows.toString())
        + "</table></div>\n"
        + Html.element(
            "p",
            "GMAC: multiply-accumulates of a forward pass of one image, in billions. Images/s: the"
                + " median over the steps, mean over the seeds; cells that ran side by side, or"
                + " beside other work, slowed each other down.")
        + "\n";
  }

  private static String text(List<String> known) {
    return String.join("", known);
  }

  private List<String> charts() {
    StudyCharts charts = new StudyCharts(table);
    List<String> html = new ArrayList<>();
    add(
        html,
        "training-loss",
        "Training loss",
        charts.curves("training loss", CellResult::loss),
        "Means over windows of steps; the band is one standard deviation over the seeds.");
    add(
        html,
        "validation-loss",
        "Validation loss",
        charts.curves("validation loss", CellResult::validation),
        "The band is one standard deviation over the seeds.");
    for (Metric metric : study.metrics()) {
      add(
          html,
          metric.jsonName() + "-gmac",
          "%s against GMAC".formatted(metric.title()),
          charts.against("GMAC", metric, RowMeasures::gmac),
          "Bars are one standard deviation over the seeds.");
      add(
          html,
          metric.jsonName() + "-time",
          "%s against training time".formatted(metric.title()),
          charts.against("minutes of training", metric, RowMeasures::minutes),
          "Bars are one standard deviation over the seeds.");
    }
    return html;
  }

  private static void add(
      List<String> html, String id, String title, XYChart chart, String caption) {
    if (chart.getSeriesCollection().isEmpty()) {
      return;
    }
    String drawing;
    try {
      drawing = SvgDrawing.of(chart, id, StudyCharts.WIDTH, StudyCharts.HEIGHT);
    } catch (InternalError | NoClassDefFoundError | UnsatisfiedLinkError e) {
      drawing = Html.element("p", "This machine has no fonts to label a chart with.");
    }
    html.add(
        "%s\n<figure>%s%s</figure>\n"
            .formatted(
                Html.element("h2", Figures.sentence(title)),
                drawing,
                Html.element("figcaption", caption)));
  }

  private String failures() {
    String items =
        table.rows().stream()
            .flatMap(row -> row.results().values().stream())
            .filter(result -> result.failure().isPresent())
            .map(
                result ->
                    Html.element(
                        "li",
                        "%s, seed %d: %s"
                            .formatted(
                                result.variant(), result.seed(), result.failure().orElseThrow())))
            .collect(Collectors.joining("\n"));
    return items.isEmpty() ? "" : "<h2>Failed cells</h2>\n<ul>%s</ul>\n".formatted(items);
  }

  private String variants() {
    String rows =
        table.rows().stream()
            .map(
                row ->
                    "<tr>%s<td>%s</td></tr>\n"
                        .formatted(
                            Html.element("th", row.variant().name()),
                            Html.element("pre", JsonText.pretty(row.variant().overlay()).strip())))
            .collect(Collectors.joining());
    return "<h2>Variants</h2>\n<p>What each changes of the base, below.</p>\n"
        + "<div class=\"wide\"><table class=\"facts\">\n%s</table></div>\n".formatted(rows)
        + "<details><summary>The study file, with its base</summary>\n%s</details>\n"
            .formatted(Html.element("pre", study.toJson()));
  }
}
