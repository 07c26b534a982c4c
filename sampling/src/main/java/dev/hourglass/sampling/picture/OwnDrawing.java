package dev.hourglass.sampling.picture;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.OptionalInt;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a PNG file that Hourglass has drawn says of itself. */
public final class OwnDrawing {

  private static final String FORMAT = "javax_imageio_png_1.0";
  private static final JsonMapper JSON = new JsonMapper();

  private OwnDrawing() {}

  /** The class it was drawn of; empty if the file does not say, or is not ours. */
  public static OptionalInt classNumber(byte[] file) {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("png");
    ImageReader reader = readers.next();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
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
    } catch (IOException | RuntimeException e) {
      return OptionalInt.empty(); // No PNG file, a damaged one, or not one of ours.
    } finally {
      reader.dispose();
    }
  }
}
