package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sample --init-image}: what it promises of its images, on both kernel providers. */
class EditCommandTest {

  private static final int SIDE = 16;
  private static final int STEPS = 6;

  @TempDir static Path folder;
  private static Path checkpoint;
  private static Path picture;
  private static Path halfMask;
  private static int made;

  @BeforeAll
  static void train() throws IOException {
    checkpoint = Fixture.in(folder).trained(12);
    picture = write("picture.png", (x, y) -> rgb(40 + 9 * x, 200 - 8 * y, 11 * x));
    halfMask = write("half.png", (x, y) -> x < SIDE / 2 ? 0 : 0xFFFFFF);
  }

  private static int rgb(int red, int green, int blue) {
    return (red << 16) | (green << 8) | blue;
  }

  private static Path write(String name, IntBinaryOperator colour) throws IOException {
    return write(name, SIDE, SIDE, colour);
  }

  private static Path write(String name, int height, int width, IntBinaryOperator colour)
      throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, colour.applyAsInt(x, y));
      }
    }
    Path file = folder.resolve(name);
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  private static Object[] words(Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of("sample", "--checkpoint", checkpoint, "--precision", "fp32", "--steps", STEPS));
    words.addAll(Arrays.asList(more));
    return words.toArray();
  }

  /** The folder of the images. */
  private static Path sample(Object... more) {
    Path out = folder.resolve("out-" + made++);
    Object[] all = Arrays.copyOf(more, more.length + 2);
    all[more.length] = "--out";
    all[more.length + 1] = out;
    CommandRun.succeeds(words(all));
    return out;
  }

  private static Path edit(Path image, Object... more) {
    Object[] all = new Object[more.length + 4];
    all[0] = "--init-image";
    all[1] = image;
    all[2] = "--class";
    all[3] = 1;
    System.arraycopy(more, 0, all, 4, more.length);
    return sample(all);
  }

  private static Png image(Path out, int index) {
    return Png.read(out.resolve("step-00000012-0-%d.png".formatted(index)));
  }

  private static int[] pixel(Png png, int x, int y) {
    return png.image().getRaster().getPixel(x, y, (int[]) null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"vector", "reference"})
  void strengthZeroGivesTheImageBackAndStrengthOneIsPlainSampling(String kernels) {
    Png none = image(edit(picture, "--strength", 0, "--kernels", kernels), 0);
    assertThat(none.difference(Png.read(picture))).isZero();
    Png all = image(edit(picture, "--strength", 1, "--kernels", kernels), 0);
    Png plain = image(sample("--class", 1, "-n", 1, "--kernels", kernels), 0);
    assertThat(all.difference(plain)).isZero();
    Png some = image(edit(picture, "--strength", 0.5, "--kernels", kernels), 0);
    assertThat(some.difference(plain)).isPositive();
    assertThat(some.difference(none)).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "vector, dpmpp-3m-sde, 1",
    "vector, euler, 3",
    "vector, dpm-adaptive, 1",
    "reference, heun, 1",
    "reference, dpmpp-3m-sde, 2",
  })
  void keptPixelsAreKeptToTheBit(String kernels, String sampler, int repeats) {
    Png edited =
        image(
            edit(
                picture,
                "--mask",
                halfMask,
                "--sampler",
                sampler,
                "--resample",
                repeats,
                "--kernels",
                kernels),
            0);
    Png original = Png.read(picture);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE / 2; x++) {
        assertThat(pixel(edited, x, y)).isEqualTo(pixel(original, x, y));
      }
    }
    assertThat(edited.difference(original)).isPositive();
    assertThat(edited.texts().get("hourglass"))
        .contains("\"init_image\":[\"picture.png\"]", "\"mask\":\"half.png\"");
  }

  @Test
  void aWhiteMaskIsPlainSamplingAndABlackOneTheInput() throws IOException {
    Path white = write("white.png", (x, y) -> 0xFFFFFF);
    Path black = write("black.png", (x, y) -> 0);
    Png plain = image(sample("--class", 1, "-n", 1), 0);
    assertThat(image(edit(picture, "--mask", white), 0).difference(plain)).isZero();
    assertThat(image(edit(picture, "--mask", black), 0).difference(Png.read(picture))).isZero();
  }

  @Test
  void aSoftMaskMixes() throws IOException {
    Path soft = write("soft.png", (x, y) -> 0x808080);
    Png mixed = image(edit(picture, "--mask", soft), 0);
    assertThat(mixed.difference(Png.read(picture))).isPositive().isLessThan(160);
  }

  @ParameterizedTest
  @ValueSource(strings = {"vector", "reference"})
  void theBlockMeansOfEnlargedImagesAreTheSmallImage(String kernels) throws IOException {
    // Black, white and colours between them: means at the ends leave no room.
    Path small = write("small.png", 4, 4, (x, y) -> rgb(x == 0 ? 0 : 255, 16 * y, 28 * x * y));
    Png large = image(edit(small, "--upscale", 4, "--kernels", kernels), 0);
    Png given = Png.read(small);
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        for (int c = 0; c < 3; c++) {
          double sum = 0;
          for (int i = 0; i < 16; i++) {
            sum += pixel(large, 4 * x + i % 4, 4 * y + i / 4)[c];
          }
          assertThat(Math.abs(sum / 16 - pixel(given, x, y)[c])).isLessThanOrEqualTo(1);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vector", "reference"})
  void theGrayOfColouredImagesIsTheGivenGray(String kernels) throws IOException {
    Path gray = write("gray.png", (x, y) -> 0x010101 * Math.min(255, 17 * x));
    Png coloured = image(edit(gray, "--colorize", "--kernels", kernels), 0);
    int colours = 0;
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int[] p = pixel(coloured, x, y);
        double luma = 0.299 * p[0] + 0.587 * p[1] + 0.114 * p[2];
        assertThat(Math.abs(luma - Math.min(255, 17 * x))).isLessThanOrEqualTo(1);
        colours += p[0] == p[1] && p[1] == p[2] ? 0 : 1;
      }
    }
    assertThat(colours).isPositive();
  }

  @Test
  void editsDependNotOnTheBatch() {
    Object[] options = {"--mask", halfMask, "--resample", 2, "-n", 3, "--sampler", "heun"};
    Path together = edit(picture, options);
    Object[] alone = Arrays.copyOf(options, options.length + 2);
    alone[options.length] = "--batch-size";
    alone[options.length + 1] = 1;
    Path each = edit(picture, alone);
    for (int i = 0; i < 3; i++) {
      assertThat(image(together, i).difference(image(each, i))).isLessThanOrEqualTo(1);
    }
    assertThat(image(together, 0).difference(image(together, 1))).isPositive();
  }

  @Test
  void foldersAreEditedAndOwnDrawingsSayTheirClass() {
    Path drawn = sample("-n", 3);
    Path edited = sample("--init-image", drawn, "--strength", 0.3);
    assertThat(edited).isDirectoryContaining("glob:**-2.png");
    assertThat(image(edited, 2).texts().get("hourglass")).contains("\"class\":2");
    Path varied = sample("--init-image", drawn, "--strength", 0.3, "-n", 5);
    assertThat(image(varied, 2).difference(image(edited, 2))).isLessThanOrEqualTo(1);
    assertThat(image(varied, 4).texts().get("hourglass")).contains("\"class\":1");
  }

  @Test
  void theWayBetweenTwoImagesBeginsAndEndsWithThem() {
    for (String sampler : List.of("heun", "dpmpp-3m-sde")) {
      Path way =
          sample("--interpolate", "3,8", "--frames", 5, "--class", "2,0", "--sampler", sampler);
      Png first = image(sample("--seed", 3, "--class", 2, "-n", 1, "--sampler", sampler), 3, 0);
      Png last = image(sample("--seed", 8, "--class", 0, "-n", 1, "--sampler", sampler), 8, 0);
      assertThat(image(way, 3, 0).difference(first)).isLessThanOrEqualTo(1);
      assertThat(image(way, 3, 4).difference(last)).isLessThanOrEqualTo(1);
      assertThat(image(way, 3, 2).difference(first)).isPositive();
    }
  }

  private static Png image(Path out, long seed, int index) {
    return Png.read(out.resolve("step-00000012-%d-%d.png".formatted(seed, index)));
  }

  @ParameterizedTest
  @CsvSource({"emerge.gif, 7", "emerge.webp, 7"})
  void imagesAreAnimatedAsTheyEmerge(String name, int frames) throws IOException {
    Path file = folder.resolve(name);
    Path out = sample("--class", 1, "-n", 1, "--sampler", "dpmpp-2m", "--animate", file);
    List<BufferedImage> read = AnimationReader.frames(file);
    assertThat(read).hasSize(frames);
    assertThat(read.getLast().getWidth()).isEqualTo(SIDE);
    if (name.endsWith("webp")) {
      BufferedImage last = image(out, 0).image();
      for (int i = 0; i < SIDE; i++) {
        assertThat(read.getLast().getRGB(i, i)).isEqualTo(last.getRGB(i, i));
      }
    }
  }

  @Test
  void aWayIsAnimatedFrameByFrame() throws IOException {
    Path file = folder.resolve("way.gif");
    CommandRun.succeeds(
        words(
            "--interpolate", "1,2", "--frames", 4, "--class", 0, "--no-images", "--animate", file));
    assertThat(AnimationReader.frames(file)).hasSize(4);
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() throws IOException {
    Path large = write("large.png", 20, 24, (x, y) -> 0);
    Path out = folder.resolve("refused");
    refused("must be 16x16", out, "--init-image", large, "--class", 1);
    refused("--mask says what to do with an image", out, "--mask", halfMask);
    refused("must be 16x16", out, "--init-image", picture, "--class", 1, "--mask", large);
    refused("between 0", out, "--init-image", picture, "--class", 1, "--strength", 1.5);
    refused("between 0", out, "--init-image", picture, "--class", 1, "--strength", "NaN");
    refused("does not divide 16x16", out, "--init-image", picture, "--upscale", 3);
    refused("does not say its class", out, "--init-image", picture);
    refused("give one of them", out, "--init-image", picture, "--upscale", 4, "--colorize");
    refused("--resample fits", out, "--init-image", picture, "--resample", 2);
    refused(
        "at least once",
        out,
        "--init-image",
        picture,
        "--class",
        1,
        "--mask",
        halfMask,
        "--resample",
        0);
    refused(
        "cannot repeat them",
        out,
        "--init-image",
        picture,
        "--class",
        1,
        "--mask",
        halfMask,
        "--resample",
        2,
        "--sampler",
        "dpm-fast");
    refused("start from different things", out, "--init-image", picture, "--interpolate", "1,2");
    refused("needs its class", out, "--interpolate", "1,2");
    refused("is two seeds", out, "--interpolate", "1");
    refused("at least 2 frames", out, "--interpolate", "1,2", "--class", 0, "--frames", 1);
    refused("--frames counts", out, "--frames", 3);
    refused("neither a GIF nor a WebP", out, "--animate", folder.resolve("film.mp4"));
    refused("There is no file", out, "--init-image", folder.resolve("none.png"));
    assertThat(out).doesNotExist();
    assertThat(Files.exists(folder.resolve("film.mp4"))).isFalse();
  }

  private static void refused(String sentence, Path out, Object... more) {
    Object[] all = Arrays.copyOf(more, more.length + 2);
    all[more.length] = "--out";
    all[more.length + 1] = out;
    CommandRun.isRefused(sentence, words(all));
  }
}
