package dev.hourglass.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.config.Size;
import dev.hourglass.core.random.RandomStream;
import dev.hourglass.data.Augmentation.Parameters;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.image.ImageDecoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AugmentationTest {

  private static final Size OBLONG = new Size(6, 9);
  private static final Parameters NOTHING = new Parameters(0, 0, 0, 0, 0, 0, 0, 0);

  @ParameterizedTest
  @CsvSource({"warp-all-square, 16, 16", "warp-all-oblong, 12, 20", "warp-shift-far, 10, 14"})
  void mapAndWarpAgreeWithScikitImage(String name, int height, int width) throws Exception {
    FloatBuffer golden =
        ByteBuffer.wrap(TestImages.resource(name + ".f32"))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    float[] a = new float[8];
    golden.get(a);
    Size size = new Size(height, width);
    Augmentation augmentation =
        Augmentation.of(new Parameters(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]), size);
    for (double entry : augmentation.matrix()) {
      assertThat(entry).isCloseTo(golden.get(), within(2e-5));
    }
    DecodedImage luma = ImageDecoder.decode("luma", TestImages.resource("luma.png"));
    float[] image = new float[height * width];
    for (int i = 0; i < image.length; i++) {
      image[i] = TestImages.at(luma, i / width, i % width, 0) / 127.5f - 1;
    }
    for (float sample : augmentation.warp(image, 1, size)) {
      assertThat(sample).isCloseTo(golden.get(), within(1e-4f));
    }
  }

  @Test
  void conditioningHoldsTheNineNumbersInOrder() {
    Augmentation augmentation =
        Augmentation.of(new Parameters(1, 0, 0.5, 0.3, 1.1, -2, 0.25, -0.75), OBLONG);
    float[] expected = {
      1,
      0,
      0.5f,
      (float) (Math.cos(0.3) - 1),
      (float) Math.sin(0.3),
      (float) (-2 * Math.cos(1.1)),
      (float) (-2 * Math.sin(1.1)),
      0.25f,
      -0.75f
    };
    assertThat(augmentation.conditioning()).containsExactly(expected);
  }

  @Test
  void identityGivesTheImageBackExactly() {
    float[] image = TestImages.pattern(6, 9, 3, 4).toFloats();
    assertThat(Augmentation.of(NOTHING, OBLONG).warp(image, 3, OBLONG)).containsExactly(image);
    assertThat(Augmentation.none().warp(image, 3, OBLONG)).containsExactly(image);
    assertThat(Augmentation.none().conditioning()).containsExactly(new float[9]);
  }

  @Test
  void mirroringSwapsColumnsOrRowsExactly() {
    float[] image = TestImages.pattern(6, 9, 3, 4).toFloats();
    float[] leftRight =
        Augmentation.of(new Parameters(1, 0, 0, 0, 0, 0, 0, 0), OBLONG).warp(image, 3, OBLONG);
    float[] topBottom =
        Augmentation.of(new Parameters(0, 1, 0, 0, 0, 0, 0, 0), OBLONG).warp(image, 3, OBLONG);
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < 6; y++) {
        for (int x = 0; x < 9; x++) {
          int at = c * 54 + y * 9 + x;
          assertThat(leftRight[at]).isEqualTo(image[c * 54 + y * 9 + 8 - x]);
          assertThat(topBottom[at]).isEqualTo(image[c * 54 + (5 - y) * 9 + x]);
        }
      }
    }
  }

  @Test
  void quarterTurnOfASquareMovesEachPixelToItsNewPlace() {
    Size square = Size.square(7);
    float[] image = TestImages.pattern(7, 7, 1, 2).toFloats();
    Augmentation turn = Augmentation.of(new Parameters(0, 0, 0, Math.PI / 2, 0, 0, 0, 0), square);
    float[] turned = turn.warp(image, 1, square);
    for (int y = 0; y < 7; y++) {
      for (int x = 0; x < 7; x++) {
        // A positive angle turns the image counterclockwise: the right side comes to the top.
        assertThat(turned[y * 7 + x]).isCloseTo(image[x * 7 + 6 - y], within(1e-5f));
      }
    }
    assertThat(turn.conditioning()[3]).isCloseTo(-1, within(1e-6f));
    assertThat(turn.conditioning()[4]).isEqualTo(1);
  }

  @Test
  void shiftsByEighthsOfWidthAndHeight() {
    Size size = new Size(8, 16);
    float[] image = TestImages.pattern(8, 16, 1, 2).toFloats();
    float[] shifted =
        Augmentation.of(new Parameters(0, 0, 0, 0, 0, 0, 1, -1), size).warp(image, 1, size);
    for (int y = 0; y < 7; y++) {
      for (int x = 2; x < 16; x++) {
        assertThat(shifted[y * 16 + x]).isEqualTo(image[(y + 1) * 16 + x - 2]);
      }
    }
  }

  @Test
  void borderIsReflectedWithoutRepeatingTheEdge() {
    int[] expected = {2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1};
    for (int i = 0; i < expected.length; i++) {
      assertThat(CubicWarp.reflect(i - 4, 4)).as("at %d", i - 4).isEqualTo(expected[i]);
    }
    assertThat(CubicWarp.reflect(-5, 1)).isZero();
    assertThat(CubicWarp.reflect(-3, 2)).isEqualTo(1);
  }

  @Test
  void probabilityZeroChangesNothingNotEvenMirroring() {
    for (int i = 0; i < 50; i++) {
      Augmentation augmentation = Augmentation.sample(RandomStream.of(3, i), 0, OBLONG);
      assertThat(augmentation.conditioning()).containsExactly(new float[9]);
      assertThat(augmentation.matrix()).containsExactly(1, 0, 0, 0, 1, 0, 0, 0, 1);
    }
  }

  @Test
  void eachKindOccursWithItsProbability() {
    int draws = 20_000;
    int[] nonZero = new int[9];
    double[] squares = new double[9];
    for (int i = 0; i < draws; i++) {
      float[] drawn = Augmentation.sample(RandomStream.of(11, i), 0.12, OBLONG).conditioning();
      for (int k = 0; k < 9; k++) {
        nonZero[k] += drawn[k] != 0 ? 1 : 0;
        squares[k] += drawn[k] * drawn[k];
      }
    }
    double[] expected = {0.5, 0.06, 0.12, 0.12, 0.12, 0.12, 0.12, 0.12, 0.12};
    // Second moments: of 0 or 1, of normals, of cos - 1 and sin of a uniform angle.
    double[] moments = {0.5, 0.06, 0.12, 0.18, 0.06, 0.06, 0.06, 0.12, 0.12};
    for (int k = 0; k < 9; k++) {
      assertThat(nonZero[k] / (double) draws).as("a%d", k).isCloseTo(expected[k], within(0.012));
      assertThat(squares[k] / draws).as("a%d", k).isCloseTo(moments[k], within(0.02));
    }
  }

  @Test
  void sampledMatrixMatchesTheConditioning() {
    for (int i = 0; i < 200; i++) {
      Augmentation drawn = Augmentation.sample(RandomStream.of(5, i), 0.5, OBLONG);
      double[] m = drawn.matrix();
      float[] a = drawn.conditioning();
      double determinant = m[0] * m[4] - m[1] * m[3];
      double mirrored = (1 - 2 * a[0]) * (1 - 2 * a[1]);
      assertThat(determinant).isCloseTo(mirrored * Math.pow(2, 0.4 * a[2]), within(1e-5));
    }
  }
}
