package dev.hourglass.training.metrics;

import dev.hourglass.sampling.picture.PngFile;
import java.awt.Color;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Lines in a chart, to be written as a PNG.
 *
 * @param legend where the names of the lines stand
 */
public record ChartFile(
    String title, Axis horizontal, Axis vertical, Legend legend, List<Line> lines) {

  private static final int WIDTH = 900;
  private static final int HEIGHT = 500;

  /** Copies the list. */
  public ChartFile {
    lines = List.copyOf(lines);
  }

  /** What an axis shows. */
  public record Axis(String title, Scale scale) {}

  /** How values lie on an axis. */
  public enum Scale {
    LINEAR,
    /** Logarithmic, with powers of ten for labels. */
    TENS,
    /** Logarithmic, with powers of two for labels; of the horizontal axis only. */
    TWOS;

    /** Where a value lies for the library, which knows no powers of two. */
    private double at(double value) {
      return this == TWOS ? Math.log(value) / Math.log(2) : value;
    }
  }

  /** A corner of the chart. */
  public enum Legend {
    UPPER_LEFT(Styler.LegendPosition.InsideNW),
    UPPER_RIGHT(Styler.LegendPosition.InsideNE);

    private final Styler.LegendPosition position;

    Legend(Styler.LegendPosition position) {
      this.position = position;
    }
  }

  /** How a line is drawn. */
  public record Pen(Color color, float width, boolean dashed, boolean dots) {
    /** A line without gaps and dots. */
    public static Pen plain(Color color, float width) {
      return new Pen(color, width, false, false);
    }

    private Marker marker() {
      return dots ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE;
    }
  }

  /**
   * Points and the line through them.
   *
   * @param x at least one; as many as {@code y}
   */
  public record Line(String name, List<Double> x, List<Double> y, Pen pen) {
    /** Copies the lists. */
    public Line {
      x = List.copyOf(x);
      y = List.copyOf(y);
    }
  }

  /**
   * Draws and writes it.
   *
   * @return false where the machine has no fonts to label the axes with
   */
  public boolean write(Path file) {
    try {
      PngFile.write(file, BitmapEncoder.getBufferedImage(chart()), Map.of("Software", "Hourglass"));
      return true;
    } catch (InternalError | NoClassDefFoundError | UnsatisfiedLinkError e) {
      return false;
    }
  }

  private XYChart chart() {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(horizontal.title)
            .yAxisTitle(vertical.title)
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLegendPosition(legend.position);
    chart.getStyler().setXAxisLogarithmic(horizontal.scale == Scale.TENS);
    chart.getStyler().setYAxisLogarithmic(vertical.scale == Scale.TENS);
    if (horizontal.scale == Scale.TWOS) {
      chart.getStyler().setXAxisTickLabelsFormattingFunction(ChartFile::powerOfTwo);
    }
    lines.forEach(line -> add(chart, line));
    return chart;
  }

  /** The label at an exponent: the number next to that power. */
  private static String powerOfTwo(double exponent) {
    return Long.toString(Math.round(Math.pow(2, exponent)));
  }

  private void add(XYChart chart, Line line) {
    List<Double> x = line.x.stream().map(horizontal.scale::at).toList();
    XYSeries series = chart.addSeries(line.name, x, line.y);
    series.setMarker(line.pen.marker());
    series.setMarkerColor(line.pen.color);
    series.setLineColor(line.pen.color);
    series.setLineWidth(line.pen.width);
    series.setLineStyle(line.pen.dashed ? SeriesLines.DASH_DASH : SeriesLines.SOLID);
  }
}
