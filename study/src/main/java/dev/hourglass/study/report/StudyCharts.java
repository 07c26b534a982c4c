package dev.hourglass.study.report;

import dev.hourglass.study.plan.Metric;
import dev.hourglass.study.result.CellResult;
import dev.hourglass.study.result.Curve;
import dev.hourglass.study.statistics.StudyTable;
import dev.hourglass.study.statistics.Summary;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The charts of a study. A variant has the same colour in all of them. */
final class StudyCharts {

  static final int WIDTH = 900;
  static final int HEIGHT = 480;

  /** Okabe and Ito's colours, which people with any colour vision tell apart, without yellow. */
  private static final List<Color> COLORS =
      List.of(
          new Color(0x000000),
          new Color(0x0072B2),
          new Color(0xD55E00),
          new Color(0x009E73),
          new Color(0xCC79A7),
          new Color(0xE69F00),
          new Color(0x56B4E9));

  private static final List<Marker> MARKERS =
      List.of(
          SeriesMarkers.CIRCLE,
          SeriesMarkers.SQUARE,
          SeriesMarkers.TRIANGLE_UP,
          SeriesMarkers.DIAMOND);

  private static final int BAND_OPACITY = 40;

  private final StudyTable table;

  StudyCharts(StudyTable table) {
    this.table = table;
  }

  /**
   * A curve for each variant, the mean over its seeds, in a band of one standard deviation.
   *
   * @param curve of a cell
   */
  XYChart curves(String vertical, Function<CellResult, Curve> curve) {
    XYChart chart = chart("step", vertical);
    chart.getStyler().setXAxisMin(0.0); // Ticks are steps of the curves, counted from here.
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setYAxisLogarithmicDecadeOnly(false);
    List<StudyTable.Row> rows = table.rows();
    for (int i = 0; i < rows.size(); i++) {
      Map<Long, Summary> points = summaries(rows.get(i), curve);
      if (!points.isEmpty()) {
        addBand(chart, i, points);
        addLine(chart, i, rows.get(i).variant().name(), points);
      }
    }
    return chart;
  }

  /** At the steps that all seeds have. */
  private static Map<Long, Summary> summaries(
      StudyTable.Row row, Function<CellResult, Curve> curve) {
    Map<Long, List<Double>> values = new TreeMap<>();
    List<CellResult> results =
        row.results().values().stream().filter(result -> result.failure().isEmpty()).toList();
    for (CellResult result : results) {
      Curve own = curve.apply(result);
      for (int i = 0; i < own.steps().size(); i++) {
        values
            .computeIfAbsent(own.steps().get(i), step -> new ArrayList<>())
            .add(own.values().get(i));
      }
    }
    Map<Long, Summary> summaries = new TreeMap<>();
    values.forEach(
        (step, ofSeeds) -> {
          if (ofSeeds.size() == results.size()) {
            summaries.put(
                step, Summary.of(ofSeeds.stream().mapToDouble(Double::doubleValue).toArray()));
          }
        });
    return summaries;
  }

  private static void addLine(XYChart chart, int i, String name, Map<Long, Summary> points) {
    List<Double> means = points.values().stream().map(Summary::mean).toList();
    XYSeries line = chart.addSeries(name, List.copyOf(points.keySet()), means);
    line.setMarker(SeriesMarkers.NONE);
    line.setLineColor(color(i));
    line.setLineWidth(2);
    line.setLineStyle(i < COLORS.size() ? SeriesLines.SOLID : SeriesLines.DASH_DASH);
  }

  private static void addBand(XYChart chart, int i, Map<Long, Summary> points) {
    if (points.values().stream().anyMatch(summary -> summary.deviation().isEmpty())) {
      return; // A single seed.
    }
    List<Long> steps = new ArrayList<>(points.keySet());
    List<Double> edge = new ArrayList<>();
    points.values().forEach(s -> edge.add(s.mean() + s.deviation().getAsDouble()));
    // And back along the lower edge, which the logarithm wants above 0.
    for (Map.Entry<Long, Summary> point : List.copyOf(points.entrySet()).reversed()) {
      Summary s = point.getValue();
      steps.add(point.getKey());
      edge.add(Math.max(s.mean() - s.deviation().getAsDouble(), s.mean() / 10));
    }
    XYSeries band = chart.addSeries("band " + i, steps, edge);
    band.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    band.setShowInLegend(false);
    band.setMarker(SeriesMarkers.NONE);
    band.setLineStyle(SeriesLines.NONE);
    Color color = color(i);
    band.setFillColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), BAND_OPACITY));
  }

  /**
   * A point for each variant, with a bar of one standard deviation to each side.
   *
   * @param cost of a variant; one without is left out
   */
  XYChart against(String horizontal, Metric metric, Function<StudyTable.Row, OptionalDouble> cost) {
    XYChart chart = chart(horizontal, metric.title());
    List<StudyTable.Row> rows = table.rows();
    for (int i = 0; i < rows.size(); i++) {
      StudyTable.Row row = rows.get(i);
      OptionalDouble x = cost.apply(row);
      if (x.isPresent() && row.metrics().containsKey(metric)) {
        Summary summary = row.metrics().get(metric).summary();
        XYSeries point =
            chart.addSeries(
                row.variant().name(),
                new double[] {x.getAsDouble()},
                new double[] {summary.mean()},
                new double[] {summary.deviation().orElse(0)});
        point.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
        point.setMarker(MARKERS.get(i / COLORS.size() % MARKERS.size()));
        point.setMarkerColor(color(i));
        point.setLineColor(color(i));
      }
    }
    return chart;
  }

  private static XYChart chart(String horizontal, String vertical) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle(horizontal)
            .yAxisTitle(vertical)
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setChartTitleVisible(false);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setErrorBarsColorSeriesColor(true);
    chart.getStyler().setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    return chart;
  }

  private static Color color(int i) {
    return COLORS.get(i % COLORS.size());
  }
}
