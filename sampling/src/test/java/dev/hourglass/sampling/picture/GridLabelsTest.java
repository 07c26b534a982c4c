package dev.hourglass.sampling.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GridLabelsTest {

  private static final int WIDTH = 64;
  private static final int ONE_LINE = 14;

  @BeforeEach
  void thisMachineHasFonts() {
    assumeTrue(GridLabels.of(List.of("x"), WIDTH).height() > 0, "no fonts here");
  }

  /** A label as wide as an image, with room around it. */
  private static BufferedImage drawn(String text) {
    GridLabels labels = GridLabels.of(List.of(text), WIDTH);
    BufferedImage image =
        new BufferedImage(3 * WIDTH, labels.height() + 40, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = image.createGraphics();
    canvas.setColor(Color.WHITE);
    canvas.fillRect(0, 0, image.getWidth(), image.getHeight());
    labels.draw(canvas, 0, WIDTH, 20);
    canvas.dispose();
    return image;
  }

  private static int ink(BufferedImage image, int fromX, int toX, int fromY, int toY) {
    int ink = 0;
    for (int y = fromY; y < toY; y++) {
      for (int x = fromX; x < toX; x++) {
        ink += image.getRaster().getSample(x, y, 0) < 160 ? 1 : 0;
      }
    }
    return ink;
  }

  @Test
  void aShortLabelIsOneLine() {
    assertThat(GridLabels.of(List.of("Boot", "Bag"), WIDTH).height()).isEqualTo(ONE_LINE);
  }

  @Test
  void aLongLabelIsWrappedAndAllLabelsGetItsRoom() {
    int height = GridLabels.of(List.of("Smileys & Emotion", "Bag"), WIDTH).height();
    assertThat(height).isGreaterThan(ONE_LINE);
    assertThat(GridLabels.of(List.of("Smileys & Emotion"), 4 * WIDTH).height()).isEqualTo(ONE_LINE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Smileys & Emotion",
        "Pneumonoultramicroscopicsilicovolcanoconiosis",
        "n02123045_tabby_and_tabby_cat",
        "\u65e5\u672c\u8a9e\u306e\u9577\u3044\u30af\u30e9\u30b9\u540d\u524d",
        "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645",
      })
  void labelsStayWithinTheirImage(String text) {
    BufferedImage image = drawn(text);
    int bottom = 20 + GridLabels.of(List.of(text), WIDTH).height();
    assertThat(ink(image, WIDTH, 2 * WIDTH, 20, bottom + 1)).isPositive();
    assertThat(ink(image, 0, WIDTH - 2, 0, image.getHeight())).isZero();
    assertThat(ink(image, 2 * WIDTH + 2, 3 * WIDTH, 0, image.getHeight())).isZero();
    assertThat(ink(image, 0, 3 * WIDTH, 0, 20)).isZero();
    assertThat(ink(image, 0, 3 * WIDTH, bottom + 2, image.getHeight())).isZero();
  }

  /** Letters that are cut off would leave no ink. */
  @Test
  void everyLetterIsDrawn() {
    String half = "Pneumonoultramicroscopic";
    BufferedImage whole = drawn(half + half);
    int inkOfWhole = ink(whole, 0, whole.getWidth(), 0, whole.getHeight());
    BufferedImage one = drawn(half);
    int inkOfHalf = ink(one, 0, one.getWidth(), 0, one.getHeight());
    assertThat(inkOfWhole).isBetween((int) (1.5 * inkOfHalf), (int) (2.5 * inkOfHalf));
  }

  @Test
  void emptyAndOddLabelsDoNoHarm() {
    assertThat(GridLabels.of(List.of("", "a\nb", "\t"), WIDTH).height()).isEqualTo(ONE_LINE);
    assertThat(GridLabels.none().height()).isZero();
  }
}
