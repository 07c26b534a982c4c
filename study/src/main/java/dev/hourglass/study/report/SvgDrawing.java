package dev.hourglass.study.report;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGIDGenerator;
import org.knowm.xchart.XYChart;
import org.w3c.dom.Document;

/** A chart as an SVG element that may stand in a page beside others. */
final class SvgDrawing {

  private static final String NAMESPACE = "http://www.w3.org/2000/svg";

  private SvgDrawing() {}

  /**
   * Draws it.
   *
   * @param id of the chart in the page, before all names in it
   */
  static String of(XYChart chart, String id, int width, int height) {
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
    context.setIDGenerator(
        new SVGIDGenerator() {
          @Override
          public String generateID(String prefix) {
            return id + "-" + super.generateID(prefix);
          }
        });
    SVGGraphics2D canvas = new SVGGraphics2D(context, false);
    chart.paint(canvas, width, height);
    StringWriter text = new StringWriter();
    try {
      canvas.stream(text, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String svg = text.toString();
    // Without the XML declaration, with a size that the page may shrink, and no name twice.
    return svg.substring(svg.indexOf("<svg"))
        .replaceFirst("<svg", "<svg viewBox=\"0 0 %d %d\" role=\"img\"".formatted(width, height))
        .replace("id=\"genericDefs\"", "id=\"%s-genericDefs\"".formatted(id));
  }

  private static Document document() {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument(NAMESPACE, "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("every Java makes documents", e);
    }
  }
}
