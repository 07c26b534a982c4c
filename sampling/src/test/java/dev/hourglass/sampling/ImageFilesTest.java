package dev.hourglass.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.sampling.picture.ImageGrid;
import dev.hourglass.sampling.picture.PngFile;
import dev.hourglass.tensor.Tensors;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.NodeList;

class ImageFilesTest {

  @TempDir Path folder;

  @Test
  void pixelsComeFromPlanesAndAreClipped() {
    try (PointerScope scope = new PointerScope()) {
      BufferedImage image =
          Pixels.toImage(Tensors.ofFloats(new float[] {-1, 1, 0, -9, 9, 0.5f}, 3, 1, 2));
      assertThat(image.getRGB(0, 0)).isEqualTo(0xFF0080FF);
      assertThat(image.getRGB(1, 0)).isEqualTo(0xFFFF00BF);
      BufferedImage gray = Pixels.toImage(Tensors.ofFloats(new float[] {-1, 1}, 1, 1, 2));
      assertThat(gray.getRaster().getSample(1, 0, 0)).isEqualTo(255);
    }
  }

  @Test
  void aPngKeepsItsPixelsAndSaysHowItWasMade() throws IOException {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_3BYTE_BGR);
    image.setRGB(2, 1, 0x123456);
    Path file = folder.resolve("a/b.png");
    PngFile.write(file, image, Map.of("hourglass", "{\"seed\": 1, \"class\": \"Übermut\"}"));
    assertThat(ImageIO.read(file.toFile()).getRGB(2, 1)).isEqualTo(0xFF123456);
    assertThat(text(file)).isEqualTo("{\"seed\": 1, \"class\": \"Übermut\"}");
  }

  private static String text(Path file) throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      ImageReader reader = ImageIO.getImageReaders(in).next();
      reader.setInput(in);
      var root =
          (org.w3c.dom.Element) reader.getImageMetadata(0).getAsTree("javax_imageio_png_1.0");
      NodeList entries = root.getElementsByTagName("iTXtEntry");
      return ((org.w3c.dom.Element) entries.item(0)).getAttribute("text");
    }
  }

  @Test
  void aGridHoldsEveryImageInReadingOrder() {
    List<BufferedImage> images =
        java.util.stream.IntStream.range(0, 5)
            .mapToObj(
                i -> {
                  BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
                  image.setRGB(0, 0, 0x10 * (i + 1));
                  return image;
                })
            .toList();
    BufferedImage grid = ImageGrid.plain(images, 3);
    assertThat(grid.getWidth()).isEqualTo(3 * 6 + 2);
    assertThat(grid.getHeight()).isEqualTo(2 * 6 + 2);
    assertThat(grid.getRGB(2 + 6, 2 + 6) & 0xFFFFFF).isEqualTo(0x50);
  }

  @Test
  void aGridOfAModelWithClassesIsLabelled() {
    BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage grid =
        ImageGrid.of(
            List.of(new GeneratedImage(0, OptionalInt.of(0), image, true)), List.of("Boot"));
    assertThat(grid.getHeight()).isGreaterThan(84 + 10);
    assertThat(grid.getWidth()).isEqualTo(84 + 4);
  }
}
