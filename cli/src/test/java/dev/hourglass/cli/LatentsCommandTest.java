package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.sampling.Latents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sample --invert} and {@code sample --latents}. */
class LatentsCommandTest {

  private static final int STEPS = 12;

  @TempDir static Path folder;
  private static Fixture fixture;
  private static Path checkpoint;
  private static Path drawn;
  private static Path latents;

  /** Five images, and the noise that they are drawn from. */
  @BeforeAll
  static void train() {
    fixture = Fixture.in(folder);
    checkpoint = fixture.trained(12);
    drawn = folder.resolve("drawn");
    sample("--sampler", "heun", "--steps", STEPS, "-n", 5, "--out", drawn);
    latents = folder.resolve("z.safetensors");
    CommandRun run = sample("--invert", drawn, "--steps", STEPS, "--out", latents);
    assertThat(run.out()).contains(latents + ": the noise of 5 images.");
  }

  private static Object[] words(Object... more) {
    List<Object> words =
        new ArrayList<>(List.of("sample", "--checkpoint", checkpoint, "--precision", "fp32"));
    words.addAll(Arrays.asList(more));
    return words.toArray();
  }

  private static CommandRun sample(Object... more) {
    return CommandRun.succeeds(words(more));
  }

  private static Png image(Path out, int index) {
    return Png.read(out.resolve("step-00000012-0-%d.png".formatted(index)));
  }

  private static double meanDifference(Png one, Png two) {
    int[] a = one.samples();
    int[] b = two.samples();
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum / a.length;
  }

  @Test
  void imagesAreDrawnAgainFromTheirNoise() {
    Path again = folder.resolve("again");
    CommandRun run = sample("--latents", latents, "--out", again);
    assertThat(run.out()).contains("5 images");
    for (int i = 0; i < 5; i++) {
      assertThat(meanDifference(image(drawn, i), image(again, i))).isLessThan(1);
      String text = image(again, i).texts().get("hourglass");
      assertThat(text)
          .contains("\"latents\":\"z.safetensors\"", "\"sampler\":\"heun\"", "\"steps\":" + STEPS)
          .contains("\"class\":" + i % 3);
    }
    assertThat(meanDifference(image(drawn, 0), image(again, 1))).isGreaterThan(5);
  }

  @Test
  void theFileSaysWhatItIsAndDependsNotOnTheBatch() {
    Latents read = Latents.read(latents);
    assertThat(read.shape()).containsExactly(5L, 3L, 16L, 16L);
    assertThat(read.description().names()).hasSize(5).contains("step-00000012-0-4.png");
    assertThat(read.description().classes()).containsExactly(0, 1, 2, 0, 1);
    assertThat(read.description().sampler()).isEqualTo("heun");
    assertThat(read.description().steps()).isEqualTo(STEPS);
    try (SafetensorsFile file = SafetensorsFile.open(latents)) {
      assertThat(file.tensors()).containsOnlyKeys("latents");
    }
    Path two = folder.resolve("two.safetensors");
    sample("--invert", drawn, "--steps", STEPS, "--batch-size", 2, "--out", two);
    float[] other = Latents.read(two).values();
    for (int i = 0; i < other.length; i++) {
      assertThat(other[i]).isEqualTo(read.values()[i], within(1e-3f));
    }
  }

  @Test
  void aClassCanBeChangedAndForeignImagesInvertedWithOne() {
    Path changed = folder.resolve("changed");
    sample("--latents", latents, "--class", "red", "--out", changed);
    assertThat(image(changed, 1).texts().get("hourglass")).contains("\"class\":2");
    assertThat(image(changed, 2).difference(image(drawn, 2))).isLessThan(20);
    Path out = folder.resolve("foreign.safetensors");
    sample(
        "--invert",
        folder.resolve("images/red/1.png"),
        folder.resolve("images/green/1.png"),
        "--class",
        "red,green",
        "--sampler",
        "euler",
        "--guidance",
        1.5,
        "--steps",
        4,
        "--out",
        out);
    Latents.Description made = Latents.read(out).description();
    assertThat(made.classes()).containsExactly(2, 1);
    assertThat(made.sampler()).isEqualTo("euler");
    assertThat(made.guidance()).isEqualTo(1.5);
  }

  @Test
  void whatCannotBeInvertedIsRefused() throws IOException {
    Path out = folder.resolve("none.safetensors");
    Path picture = folder.resolve("images/red/1.png");
    refused("needs --out FILE", "--invert", picture);
    refused("euler or heun without churn", "--invert", picture, "--out", out, "--sampler", "lms");
    refused("euler or heun without churn", "--invert", picture, "--out", out, "--churn", 1);
    refused("does not say its class", "--invert", picture, "--out", out);
    refused("at least 2 steps", "--invert", drawn, "--out", out, "--steps", 1);
    refused("--count has no meaning", "--invert", drawn, "--out", out, "-n", 3);
    refused("give one of the two", "--invert", drawn, "--out", out, "--latents", latents);
    refused("There is no file", "--invert", folder.resolve("none.png"), "--out", out);
    Path large = folder.resolve("large.png");
    PngPicture.write(large, 20, 24, false);
    refused("is 20x24, but must be 16x16", "--invert", large, "--class", 0, "--out", out);
    Path broken = Files.writeString(folder.resolve("broken.png"), "no picture");
    refused("cannot be read", "--invert", broken, "--class", 0, "--out", out);
    Path empty = Files.createDirectories(folder.resolve("empty"));
    refused("No images were found", "--invert", empty, "--out", out);
    assertThat(out).doesNotExist();
  }

  @Test
  void whatCannotBeDrawnFromIsRefused() throws IOException {
    refused("adds noise of its own", "--latents", latents, "--sampler", "dpmpp-3m-sde");
    refused("adds noise of its own", "--latents", latents, "--churn", 2);
    refused("--first-index has no meaning", "--latents", latents, "--first-index", 2);
    refused("holds noise for images of", "--latents", latents, "--size", "16x24");
    refused("holds no latents", "--latents", checkpoint);
    refused("none.safetensors", "--latents", folder.resolve("none.safetensors"));
    Path cut =
        Files.write(
            folder.resolve("cut.safetensors"), Arrays.copyOf(Files.readAllBytes(latents), 3000));
    refused("is truncated", "--latents", cut);
    Path other = fixture.trained(13);
    CommandRun.isRefused(
        "belongs to the model", "sample", "--checkpoint", other, "--latents", latents);
  }

  private static void refused(String sentencePart, Object... more) {
    CommandRun.isRefused(sentencePart, words(more));
  }
}
