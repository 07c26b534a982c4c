package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LikelihoodCommandTest {

  /** Rounding may turn a step that is just accepted: some of the solver's errors, of 1e-3 each. */
  private static final double SOLVED = 0.01;

  @TempDir static Path folder;
  private static Fixture fixture;
  private static Path checkpoint;

  @BeforeAll
  static void train() {
    fixture = Fixture.in(folder);
    checkpoint = fixture.trained(12);
  }

  private static Object[] words(Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of("likelihood", "--checkpoint", checkpoint, "--data", folder.resolve("images")));
    words.addAll(Arrays.asList(more));
    return words.toArray();
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.readAllLines(file);
  }

  private static double bits(String line) {
    return Double.parseDouble(line.split(",", -1)[5]);
  }

  @Test
  void theMeanAndALineForEachImageAreGiven() throws IOException {
    Path out = folder.resolve("all/nll.csv");
    CommandRun run =
        CommandRun.succeeds(words("-n", 5, "--rtol", 0.01, "--atol", 0.01, "--out", out));
    List<String> lines = lines(out);
    assertThat(lines).hasSize(6);
    assertThat(lines.getFirst())
        .isEqualTo("index,name,class,nats,bits_per_dim,bits_per_dim_8bit,evaluations,dimensions");
    List<String> images = lines.subList(1, 6);
    assertThat(images).allMatch(line -> line.matches("\\d+,\\w+/\\d\\.png,[012],.*,\\d+,768"));
    assertThat(images.stream().map(line -> line.split(",")[0]).distinct()).hasSize(5);
    String[] parts = images.getFirst().split(",");
    double perDim = -Double.parseDouble(parts[3]) / 768 / Math.log(2);
    assertThat(Double.parseDouble(parts[4])).isEqualTo(perDim, within(1e-6));
    assertThat(bits(images.getFirst()))
        .isEqualTo(perDim + Math.log(127.5) / Math.log(2), within(2e-6));
    double mean = images.stream().mapToDouble(LikelihoodCommandTest::bits).average().orElseThrow();
    assertThat(run.out())
        .contains("5 of the 24 images", "each under its class", "fp32", out.toString())
        .contains(String.format(Locale.ROOT, "%.4f +- 0.", mean));
    assertThat(out.resolveSibling("nll.csv.partial")).doesNotExist();
  }

  @Test
  void anImagesNumbersDependNeitherOnTheBatchNorOnHowManyAreMeasured() throws IOException {
    Path one = folder.resolve("one.csv");
    Path three = folder.resolve("three.csv");
    CommandRun.succeeds(words("-n", 2, "--batch-size", 1, "--out", one));
    CommandRun.succeeds(words("-n", 5, "--batch-size", 3, "--out", three));
    for (int i = 1; i <= 2; i++) {
      assertThat(lines(three).get(i).split(",")[0]).isEqualTo(lines(one).get(i).split(",")[0]);
      assertThat(bits(lines(three).get(i))).isEqualTo(bits(lines(one).get(i)), within(SOLVED));
    }
  }

  @Test
  void ourKernelsAndTheReferenceFindTheSame() throws IOException {
    Path vector = folder.resolve("vector.csv");
    Path reference = folder.resolve("reference.csv");
    CommandRun.succeeds(words("-n", 2, "--kernels", "vector", "--out", vector));
    CommandRun.succeeds(words("-n", 2, "--kernels", "reference", "--out", reference));
    for (int i = 1; i <= 2; i++) {
      assertThat(bits(lines(vector).get(i)))
          .isEqualTo(bits(lines(reference).get(i)), within(SOLVED));
    }
  }

  @Test
  void theSeedChoosesImagesAndSigns() throws IOException {
    Path first = folder.resolve("seed-1.csv");
    Path again = folder.resolve("seed-1-again.csv");
    Path other = folder.resolve("seed-2.csv");
    for (Path file : List.of(first, again)) {
      CommandRun.succeeds(words("-n", 2, "--rtol", 0.1, "--seed", 1, "--out", file));
    }
    CommandRun.succeeds(words("-n", 2, "--rtol", 0.1, "--seed", 2, "--out", other));
    assertThat(lines(again)).isEqualTo(lines(first)).isNotEqualTo(lines(other));
  }

  @Test
  void classesCountUnlessTheyAreLeftOut() throws IOException {
    Path with = folder.resolve("with.csv");
    Path without = folder.resolve("without.csv");
    CommandRun.succeeds(words("-n", 1, "--out", with));
    CommandRun run = CommandRun.succeeds(words("-n", 1, "--no-class", "--out", without));
    assertThat(run.out()).contains("without classes", "one image");
    assertThat(bits(lines(without).get(1))).isNotEqualTo(bits(lines(with).get(1)));
    // Without labels, too.
    CommandRun.succeeds(words("-n", 1, "--no-class", "--data-type", "imagefolder"));
  }

  @Test
  void onlyImagesThatWereHeldOutAreMeasured() throws IOException {
    Path held = folder.resolve("held.csv");
    CommandRun run =
        CommandRun.succeeds(words("-n", 24, "--rtol", 0.1, "--held-out", "25%", "--out", held));
    assertThat(run.out()).contains("6 of the 6 images");
    Path whole = folder.resolve("all.csv");
    CommandRun.succeeds(words("-n", 24, "--rtol", 0.1, "--out", whole));
    assertThat(names(whole)).containsAll(names(held));
    assertThat(names(held)).hasSize(6).doesNotHaveDuplicates();
    CommandRun.isRefused("--held-out must be the share", words("--held-out", "test"));
    CommandRun.isRefused("hold out at least one image", words("--held-out", "0.001"));
  }

  private static List<String> names(Path csv) throws IOException {
    return lines(csv).stream().skip(1).map(line -> line.split(",")[1]).toList();
  }

  @Test
  void aStoppedMeasurementGoesOn() throws IOException {
    Path whole = folder.resolve("whole.csv");
    Path stopped = folder.resolve("stopped.csv");
    Path partial = folder.resolve("stopped.csv.partial");
    Object[] settings = {"--rtol", 0.1, "--batch-size", 2, "--out"};
    List<Object> six = new ArrayList<>(List.of("-n", 6));
    six.addAll(Arrays.asList(settings));
    six.add(whole);
    CommandRun.succeeds(words(six.toArray()));

    // What a kill in the third batch leaves: settings, four lines, and half of one.
    List<String> lines = lines(whole);
    Files.writeString(
        partial,
        settingsLine()
            + "\n"
            + String.join("\n", lines.subList(1, 5))
            + "\n"
            + lines.get(5).substring(0, 9));
    six.removeLast();
    six.add(stopped);
    CommandRun run = CommandRun.succeeds(words(six.toArray()));
    assertThat(run.out()).contains("4 images are measured already.");
    assertThat(lines(stopped)).isEqualTo(lines);
    assertThat(partial).doesNotExist();

    Files.writeString(partial, settingsLine() + "\n" + lines.get(1) + "\n");
    CommandRun.isRefused("seed 0 instead of 5", words(with(six, "--seed", 5)));
    CommandRun.isRefused("rtol 0.1 instead of 0.2", words(with(six, "--rtol", 0.2)));
    CommandRun.isRefused("classes true instead of false", words(with(six, "--no-class")));
    CommandRun.isRefused(
        "measured with model ", with(Arrays.asList(words(six.toArray())), "--checkpoint", other()));
    Files.writeString(partial, "something else\n");
    CommandRun.isRefused("is not what a stopped run", words(six.toArray()));
  }

  /** Another checkpoint of the same run. */
  private static Path other() {
    return fixture.trained(13);
  }

  /** The first line of a partial file: a run that is refused once it is begun leaves it. */
  private static String settingsLine() throws IOException {
    Path out = folder.resolve("settings.csv");
    Path partial = folder.resolve("settings.csv.partial");
    Files.deleteIfExists(partial);
    CommandRun.isRefused("--threads", words("--rtol", 0.1, "--threads", 0, "--out", out));
    return lines(partial).getFirst();
  }

  /** The words with some options set otherwise. */
  private static Object[] with(List<Object> words, Object... more) {
    List<Object> all = new ArrayList<>(words);
    for (int i = 0; i + 1 < more.length; i += 2) {
      int at = all.indexOf(more[i]);
      if (at >= 0) {
        all.subList(at, at + 2).clear();
      }
    }
    all.addAll(Arrays.asList(more));
    return all.toArray();
  }

  @Test
  void whatIsWrongIsSaidInASentence() throws IOException {
    CommandRun.isRefused("must be at least 1", words("-n", 0));
    CommandRun.isRefused("must be at least 1", words("--batch-size", 0));
    CommandRun.isRefused("rtol at least 0", words("--rtol", -1));
    CommandRun.isRefused("atol above 0", words("--atol", 0));
    CommandRun.isRefused("did you mean \"tar\"?", words("--data-type", "tart"));
    CommandRun.isRefused("give --no-class", words("--data-type", "imagefolder"));
    CommandRun.isRefused(
        "does not exist",
        "likelihood",
        "--checkpoint",
        checkpoint,
        "--data",
        folder.resolve("nowhere"));
    Path more = folder.resolve("more");
    for (String name : List.of("a", "b", "c", "d")) {
      copyImage("red/1.png", more.resolve(name + "/1.png"));
    }
    CommandRun.isRefused(
        "holds 4 classes, but the model has 3",
        "likelihood",
        "--checkpoint",
        checkpoint,
        "--data",
        more);
    Path renamed = folder.resolve("renamed");
    copyImage("red/1.png", renamed.resolve("azure/1.png"));
    CommandRun.isRefused(
        "Class 0 is \"azure\"", "likelihood", "--checkpoint", checkpoint, "--data", renamed);
  }

  private static void copyImage(String name, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(folder.resolve("images").resolve(name), to);
  }

  @Test
  void imagesOfAnotherSizeOrColourAreRefusedUnlessTheyMayBeFitted() throws IOException {
    Path large = folder.resolve("large");
    PngPicture.write(large.resolve("blue/1.png"), 20, 24, false);
    Path gray = folder.resolve("gray");
    PngPicture.write(gray.resolve("blue/1.png"), 16, 16, true);
    for (Path data : List.of(large, gray)) {
      Object[] words = {"likelihood", "--checkpoint", checkpoint, "-n", 1, "--data", data};
      CommandRun.isRefused("but the model takes 16x16 in colour; give --fit", words);
      List<Object> fitted = new ArrayList<>(Arrays.asList(words));
      fitted.addAll(List.of("--fit", "--rtol", 0.1));
      assertThat(CommandRun.succeeds(fitted.toArray()).out()).contains("one image");
    }
  }

  @Test
  void imagesThatCannotBeReadAreNamedAndOthersTaken() throws IOException {
    Path data = folder.resolve("damaged");
    copyImage("blue/1.png", data.resolve("blue/1.png"));
    Files.writeString(data.resolve("blue/2.png"), "no picture");
    CommandRun run =
        CommandRun.succeeds(
            "likelihood", "--checkpoint", checkpoint, "-n", 9, "--rtol", 0.1, "--data", data);
    assertThat(run.out()).contains("Skipped blue/2.png: ", "one image");
    Files.delete(data.resolve("blue/1.png"));
    CommandRun.isRefused(
        "No image of the set can be read",
        "likelihood",
        "--checkpoint",
        checkpoint,
        "--data",
        data);
  }
}
