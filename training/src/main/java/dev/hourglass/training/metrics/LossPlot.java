package dev.hourglass.training.metrics;

import dev.hourglass.sampling.PngFile;
import java.awt.Color;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The loss curve as a PNG. */
public final class LossPlot {

  private static final int MOST_POINTS = 2000;

  private LossPlot() {}

  /**
   * Draws and writes the plot.
   *
   * @param losses step, loss, average, a line a step
   * @return false where the machine has no fonts to label the axes with
   */
  public static boolean write(Path file, String title, List<double[]> losses) {
    int stride = Math.max(1, losses.size() / MOST_POINTS);
    double[][] columns = new double[3][Math.ceilDiv(losses.size(), stride)];
    for (int i = 0; i < columns[0].length; i++) {
      for (int c = 0; c < 3; c++) {
        columns[c][i] = losses.get(i * stride)[c];
      }
    }
    try {
      PngFile.write(
          file,
          BitmapEncoder.getBufferedImage(chart(title, columns)),
          Map.of("Software", "Hourglass"));
      return true;
    } catch (InternalError | NoClassDefFoundError | UnsatisfiedLinkError e) {
      return false;
    }
  }

  private static XYChart chart(String title, double[][] columns) {
    XYChart chart =
        new XYChartBuilder()
            .width(900)
            .height(500)
            .title(title)
            .xAxisTitle("step")
            .yAxisTitle("loss")
            .build();
    Styler styler = chart.getStyler();
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setLegendPosition(Styler.LegendPosition.InsideNE);
    chart.getStyler().setYAxisLogarithmic(true);
    add(chart, "each step", columns[0], columns[1], new Color(0xB0C4DE), 1);
    add(chart, "moving average", columns[0], columns[2], new Color(0x1F4E8C), 2);
    return chart;
  }

  private static void add(
      XYChart chart, String name, double[] x, double[] y, Color color, float width) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(color);
    series.setLineWidth(width);
  }
}
