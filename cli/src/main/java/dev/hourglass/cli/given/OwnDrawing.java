package dev.hourglass.cli.given;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.OptionalInt;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a PNG file that Hourglass has drawn says of itself. */
final class OwnDrawing {

  private static final String FORMAT = "javax_imageio_png_1.0";
  private static final JsonMapper JSON = new JsonMapper();

  private OwnDrawing() {}

  /** The class it was drawn of; empty if the file does not say, or is not ours. */
  static OptionalInt classNumber(Path file) {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("png");
    ImageReader reader = readers.next();
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      reader.setInput(in);
      Element root = (Element) reader.getImageMetadata(0).getAsTree(FORMAT);
      NodeList texts = root.getElementsByTagName("iTXtEntry");
      for (int i = 0; i < texts.getLength(); i++) {
        Element text = (Element) texts.item(i);
        if (text.getAttribute("keyword").equals("hourglass")) {
          JsonNode number = JSON.readTree(text.getAttribute("text")).path("class");
          return number.isInt() ? OptionalInt.of(number.intValue()) : OptionalInt.empty();
        }
      }
      return OptionalInt.empty();
    } catch (IOException | JacksonException e) {
      return OptionalInt.empty(); // No PNG file, or not one of ours.
    } finally {
      reader.dispose();
    }
  }
}
