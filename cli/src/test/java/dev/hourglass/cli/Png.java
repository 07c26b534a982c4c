package dev.hourglass.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** A PNG file read back: pixels and texts. */
record Png(BufferedImage image, Map<String, String> texts) {

  static Png read(Path file) {
    ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      reader.setInput(in);
      Node root = reader.getImageMetadata(0).getAsTree("javax_imageio_png_1.0");
      Map<String, String> texts = new HashMap<>();
      collect(root, texts);
      return new Png(reader.read(0), texts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      reader.dispose();
    }
  }

  private static void collect(Node node, Map<String, String> texts) {
    if (node.getNodeName().equals("iTXtEntry")) {
      texts.put(
          node.getAttributes().getNamedItem("keyword").getNodeValue(),
          node.getAttributes().getNamedItem("text").getNodeValue());
    }
    NodeList children = node.getChildNodes();
    for (int i = 0; i < children.getLength(); i++) {
      collect(children.item(i), texts);
    }
  }

  /** The largest difference between two pictures of one size, in 1/255. */
  int difference(Png other) {
    int[] one = samples();
    int[] two = other.samples();
    if (one.length != two.length) {
      throw new IllegalArgumentException("pictures of different size");
    }
    int largest = 0;
    for (int i = 0; i < one.length; i++) {
      largest = Math.max(largest, Math.abs(one[i] - two[i]));
    }
    return largest;
  }

  int[] samples() {
    return image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
  }
}
