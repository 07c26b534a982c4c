package dev.hourglass.sampling.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class PngFileTest {

  @Test
  void hasTheSameBytesInWhateverOrderItsTextsAreGiven() {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
    SequencedMap<String, String> texts =
        new LinkedHashMap<>(Map.of("hourglass", "{}", "Software", "Hourglass", "Step", "7"));

    assertThat(PngFile.bytes(image, texts.reversed())).isEqualTo(PngFile.bytes(image, texts));
  }
}
