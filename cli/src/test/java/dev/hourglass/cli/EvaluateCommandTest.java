package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.evaluation.store.FeatureStatistics;
import dev.hourglass.evaluation.store.SavedStatistics;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class EvaluateCommandTest {

  private static final JsonMapper JSON = new JsonMapper();

  @TempDir static Path folder;
  private static Fixture fixture;
  private static Path checkpoint;

  @BeforeAll
  static void train() {
    fixture = Fixture.in(folder);
    checkpoint = fixture.trained(12);
  }

  private static Path data() {
    return folder.resolve("images");
  }

  /** A cache of these tests, and few resamples. */
  private static Object[] words(Object... more) {
    List<Object> words =
        new ArrayList<>(List.of("evaluate", "--cache", folder.resolve("cache"), "--resamples", 10));
    words.addAll(Arrays.asList(more));
    return words.toArray();
  }

  private static Object[] model(Object... more) {
    List<Object> words =
        new ArrayList<>(List.of("--checkpoint", checkpoint, "--data", data(), "--steps", 3));
    words.addAll(Arrays.asList(more));
    return words(words.toArray());
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(Files.readString(file));
  }

  private static JsonNode scores(Path file) throws IOException {
    return json(file).get("results").get(0).get("scores");
  }

  /** All that a run of the same command must repeat. */
  private static JsonNode lasting(Path file) throws IOException {
    ObjectNode all = (ObjectNode) json(file);
    all.remove("date");
    all.remove("command");
    return all;
  }

  private static double value(JsonNode scores, String key) {
    return scores.get(key).get("value").doubleValue();
  }

  @Test
  void aModelIsComparedWithItsData() throws IOException {
    Path out = folder.resolve("model/result.json");
    CommandRun run = CommandRun.succeeds(model("-n", 12, "--guidance", 1.5, "--out", out));
    assertThat(run.out())
        .contains("FID", "KID", "precision", "recall", "density", "coverage", "standard error")
        .contains("bootstrap", "half-samples", "analytic", out.toString());
    JsonNode scores = scores(out);
    for (String key :
        List.of("fid", "fid_eps_1e-8", "kid", "precision", "recall", "density", "coverage")) {
      assertThat(scores.get(key).get("value").isNumber()).as(key).isTrue();
      assertThat(scores.get(key).get("standard_error").doubleValue()).as(key).isNotNegative();
    }
    assertThat(value(scores, "fid")).isPositive();
    JsonNode all = json(out);
    assertThat(all.get("extractor").get("name").stringValue()).contains("scattering");
    assertThat(all.get("data").get("images").intValue()).isEqualTo(24);
    JsonNode samples = all.get("samples");
    assertThat(samples.get("images").intValue()).isEqualTo(12);
    assertThat(samples.get("guidance").doubleValue()).isEqualTo(1.5);
    assertThat(samples.get("seed").intValue()).isZero();
    assertThat(samples.get("classes").stringValue()).isEqualTo("data");
    assertThat(samples.get("model").stringValue()).hasSize(16);
    assertThat(all.get("machine").get("processor").stringValue()).isNotEmpty();
    assertThat(out.resolveSibling("result.json.partial")).doesNotExist();
  }

  @Test
  void drawnFilesGiveTheNumbersOfTheModelThatDrewThem() throws IOException {
    Path out = folder.resolve("files/model.json");
    Path files = folder.resolve("files/drawn");
    CommandRun.succeeds(
        model("-n", 8, "--classes", "uniform", "--precision", "fp32", "--out", out));
    CommandRun.succeeds(
        "sample",
        "--checkpoint",
        checkpoint,
        "-n",
        8,
        "--steps",
        3,
        "--precision",
        "fp32",
        "--out",
        files);
    Path again = folder.resolve("files/images.json");
    CommandRun.succeeds(
        words(
            "--images",
            files,
            "--data",
            data(),
            "--data-type",
            "imagefolder-class",
            "--out",
            again));
    for (String key : List.of("fid", "kid", "precision", "recall", "density", "coverage")) {
      assertThat(value(scores(again), key))
          .as(key)
          .isEqualTo(value(scores(out), key), within(1e-9 * Math.abs(value(scores(out), key))));
    }
  }

  @Test
  void aSetIsNoDistanceFromItself() throws IOException {
    Path out = folder.resolve("self.json");
    Path picture = folder.resolve("self.png");
    CommandRun run =
        CommandRun.succeeds(
            words(
                "--images",
                data(),
                "--data",
                data(),
                "--out",
                out,
                "--neighbours",
                picture,
                "--pixels"));
    assertThat(value(scores(out), "fid")).isEqualTo(0, within(1e-3));
    assertThat(value(scores(out), "swd")).isZero();
    assertThat(value(scores(out), "spectrum_db")).isZero();
    assertThat(value(scores(out), "precision")).isEqualTo(1);
    assertThat(value(scores(out), "recall")).isEqualTo(1);
    JsonNode neighbours = json(out).get("neighbours");
    assertThat(neighbours.get("median_distance").doubleValue()).isZero();
    JsonNode pair = neighbours.get("closest").get(0);
    assertThat(pair.get("image")).isEqualTo(pair.get("real"));
    assertThat(pair.get("mean_difference_of_samples").doubleValue()).isZero();
    assertThat(run.out()).contains("Distances to the nearest real image: smallest 0");
    assertThat(Png.read(picture).image().getWidth()).isGreaterThan(8 * 64);
  }

  @Test
  void samplesAreShownBesideTheImagesNearestToThem() throws IOException {
    Path out = folder.resolve("near.json");
    Path picture = folder.resolve("near.png");
    CommandRun.succeeds(model("-n", 3, "--out", out, "--neighbours", picture));
    JsonNode closest = json(out).get("neighbours").get("closest");
    assertThat(closest).hasSize(3);
    assertThat(closest.get(0).get("distance").doubleValue())
        .isPositive()
        .isLessThanOrEqualTo(closest.get(2).get("distance").doubleValue());
    assertThat(closest.get(0).get("real").stringValue()).endsWith(".png");
    assertThat(picture).exists();
  }

  @Test
  void theBatchChangesNothingButRounding() throws IOException {
    Path one = folder.resolve("batch-1.json");
    Path many = folder.resolve("batch-7.json");
    CommandRun.succeeds(model("-n", 7, "--precision", "fp32", "--batch-size", 2, "--out", one));
    CommandRun.succeeds(model("-n", 7, "--precision", "fp32", "--batch-size", 7, "--out", many));
    assertThat(value(scores(many), "fid") / value(scores(one), "fid")).isEqualTo(1, within(1e-3));
  }

  @Test
  void aKilledRunGoesOnToTheSameNumbers() throws IOException, InterruptedException {
    Path whole = folder.resolve("kill/whole.json");
    Path killed = folder.resolve("kill/killed.json");
    Path partial = folder.resolve("kill/killed.json.partial");
    CommandRun.succeeds(model("-n", 22, "--batch-size", 2, "--out", whole));

    Object[] words = model("-n", 22, "--batch-size", 2, "--out", killed);
    ChildProcess child = ChildProcess.start(folder.resolve("kill.log"), words);
    while (child.isAlive() && (Files.notExists(partial) || Files.size(partial) < 20_000)) {
      TimeUnit.MILLISECONDS.sleep(2);
    }
    child.kill();
    assertThat(killed).doesNotExist();
    // And half a record, as a kill within a write leaves.
    Files.write(partial, new byte[777], StandardOpenOption.APPEND);
    assertThat(CommandRun.succeeds(words).out()).contains("images are drawn already.");
    assertThat(lasting(killed)).isEqualTo(lasting(whole));
    assertThat(partial).doesNotExist();
  }

  @Test
  void whatAStoppedRunLeftIsOnlyGoneOnWithByTheSameCommand() throws IOException {
    Path out = folder.resolve("left/result.json");
    Path partial = folder.resolve("left/result.json.partial");
    Files.createDirectories(partial.getParent());
    Path gone = folder.resolve("nowhere");
    CommandRun.isRefused(
        "does not exist", words("--checkpoint", checkpoint, "--data", gone, "-n", 4, "--out", out));
    assertThat(partial).doesNotExist();
    Files.writeString(partial, "something else\n");
    CommandRun.isRefused("is not what a stopped run of evaluate", model("-n", 4, "--out", out));
    Files.delete(partial);
    // The cache cannot be written to: the run stops once it has begun.
    Path blocked = Files.writeString(folder.resolve("blocked"), "a file");
    List<Object> words = new ArrayList<>(Arrays.asList(model("-n", 4, "--out", out)));
    words.set(words.indexOf("--cache") + 1, blocked);
    assertThat(CommandRun.of(words.toArray()).exitCode()).isEqualTo(2);
    assertThat(partial).exists();
    CommandRun.isRefused("seed 0 instead of 5", model("-n", 4, "--seed", 5, "--out", out));
    CommandRun.isRefused("images 4 instead of 5", model("-n", 5, "--out", out));
    CommandRun.succeeds(model("-n", 4, "--out", out));
  }

  @Test
  void aSweepComparesTheSameImagesWithOtherSettings() throws IOException {
    Path out = folder.resolve("sweep.json");
    Path single = folder.resolve("single.json");
    CommandRun run =
        CommandRun.succeeds(
            model("-n", 6, "--sweep", "guidance=1,2", "--sweep", "steps=2,3", "--out", out));
    assertThat(run.out()).contains("guidance", "steps").containsPattern("3 +2 +\\S+ \\+- \\S+");
    JsonNode results = json(out).get("results");
    assertThat(results).hasSize(4);
    assertThat(results.get(3).get("settings").get("guidance").stringValue()).isEqualTo("2");
    assertThat(results.get(3).get("settings").get("steps").stringValue()).isEqualTo("3");
    CommandRun.succeeds(model("-n", 6, "--guidance", 2, "--out", single));
    assertThat(results.get(3).get("scores")).isEqualTo(scores(single));
  }

  @Test
  void lengthsOfAveragesAreSweptTogetherWithGuidance() throws IOException {
    Fixture power = Fixture.in(folder.resolve("power"));
    Path config =
        power.configWith(
            "\"optimizer\":",
            "\"ema_sched\": {\"type\": \"power\", \"sigma_rels\": [0.05, 0.15], \"snapshot_every\":"
                + " 4}, \"optimizer\":");
    CommandRun.succeeds(
        "train",
        "--config",
        config,
        "--name",
        "p",
        "--runs",
        power.runs(),
        "--steps",
        8,
        "--batch-size",
        4,
        "--sample-every",
        0);
    Path out = folder.resolve("power.json");
    CommandRun.succeeds(
        words(
            "--checkpoint",
            power.runs().resolve("p/checkpoints/step-00000008.safetensors"),
            "--data",
            data(),
            "--steps",
            2,
            "-n",
            4,
            "--sweep",
            "sigma-rel=0.05,0.15",
            "--sweep",
            "guidance=1,2",
            "--out",
            out));
    JsonNode results = json(out).get("results");
    assertThat(results).hasSize(4);
    assertThat(results.get(1).get("settings").get("sigma-rel").stringValue()).isEqualTo("0.15");
    assertThat(value(results.get(1).get("scores"), "fid"))
        .isNotEqualTo(value(results.get(0).get("scores"), "fid"));
  }

  @Test
  void sumsOfSeveralMachinesAreThoseOfOne() throws IOException {
    Path all = folder.resolve("sums/all.safetensors");
    Path first = folder.resolve("sums/first.safetensors");
    Path second = folder.resolve("sums/second.safetensors");
    Path whole = folder.resolve("sums/whole.json");
    Path merged = folder.resolve("sums/merged.json");
    CommandRun.succeeds(model("-n", 12, "--batch-size", 3, "--save-stats", all, "--out", whole));
    CommandRun.succeeds(model("-n", 6, "--batch-size", 3, "--save-stats", first));
    CommandRun.succeeds(
        model("-n", 6, "--batch-size", 3, "--first-index", 6, "--save-stats", second));
    CommandRun.succeeds(
        words(
            "--merge-stats",
            second,
            first,
            "--data",
            data(),
            "--data-type",
            "imagefolder-class",
            "--out",
            merged));
    // Of 588 features and 12 images: the root of a matrix without full rank loses half the digits.
    assertThat(value(scores(merged), "fid") / value(scores(whole), "fid"))
        .isEqualTo(1, within(1e-6));
    assertThat(json(merged).get("merged").get("images").intValue()).isEqualTo(12);
    CommandRun.isRefused(
        "give each set once", words("--merge-stats", first, first, "--data", data()));
    Path other = folder.resolve("sums/other.safetensors");
    Scope.run(
        () ->
            new SavedStatistics(
                    "another",
                    "another digest",
                    List.of("a set"),
                    FeatureStatistics.of(Tensors.ofDoubles(new double[6], 2, 3)))
                .write(other));
    for (Object[] files : new Object[][] {{first, other}, {other, first}, {other}}) {
      List<Object> words = new ArrayList<>(List.of("--merge-stats"));
      words.addAll(Arrays.asList(files));
      words.addAll(List.of("--data", data()));
      CommandRun.isRefused("use one extractor for all", words(words.toArray()));
    }
    CommandRun.isRefused(
        "holds no statistics", words("--merge-stats", checkpoint, "--data", data()));
  }

  @Test
  void featuresOfTheDataAreKeptAndDamagedOnesComputedAgain() throws IOException {
    Path cache = folder.resolve("kept");
    Path out = folder.resolve("kept.json");
    Path again = folder.resolve("kept-again.json");
    Object[] options = {
      "evaluate", "--images", data(), "--data", data(), "--data-count", 9, "--resamples", 0
    };
    List<Object> words = new ArrayList<>(Arrays.asList(options));
    words.addAll(List.of("--cache", cache, "--out", out));
    assertThat(CommandRun.succeeds(words.toArray()).out()).doesNotContain("are in");
    words.set(words.size() - 1, again);
    assertThat(CommandRun.succeeds(words.toArray()).out())
        .contains("Features of 9 images of ", "Features of 24 images of ");
    assertThat(lasting(again)).isEqualTo(lasting(out));
    for (Path file : files(cache)) {
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
    }
    assertThat(CommandRun.succeeds(words.toArray()).out()).doesNotContain("Features of ");
    assertThat(lasting(again)).isEqualTo(lasting(out));
    List<Object> without = new ArrayList<>(Arrays.asList(options));
    without.addAll(List.of("--no-cache", "--out", again));
    CommandRun.succeeds(without.toArray());
    assertThat(lasting(again)).isEqualTo(lasting(out));
  }

  private static List<Path> files(Path cache) throws IOException {
    try (Stream<Path> files = Files.list(cache)) {
      return files.filter(file -> file.toString().endsWith(".safetensors")).toList();
    }
  }

  @Test
  void imagesOfAnotherSizeOrColourAreRefusedUnlessTheyMayBeFitted() throws IOException {
    Path other = folder.resolve("other");
    PngPicture.write(other.resolve("1.png"), 16, 16, false);
    PngPicture.write(other.resolve("2.png"), 20, 24, false);
    Path gray = folder.resolve("gray");
    PngPicture.write(gray.resolve("1.png"), 16, 16, true);
    PngPicture.write(gray.resolve("2.png"), 16, 16, true);
    for (Path images : List.of(other, gray)) {
      Object[] words = words("--images", images, "--data", data());
      CommandRun.isRefused("give --fit", words);
      List<Object> fitted = new ArrayList<>(Arrays.asList(words));
      fitted.add("--fit");
      assertThat(CommandRun.succeeds(fitted.toArray()).out()).contains("FID");
    }
  }

  @Test
  void imagesThatCannotBeReadAreNamedAndLeftOut() throws IOException {
    Path images = folder.resolve("damaged");
    PngPicture.write(images.resolve("1.png"), 16, 16, false);
    Files.writeString(images.resolve("2.png"), "no picture");
    CommandRun.isRefused(
        "has 1 images that can be read, and a comparison needs at least 2",
        words("--images", images, "--data", data()));
    PngPicture.write(images.resolve("3.png"), 16, 16, false);
    assertThat(CommandRun.succeeds(words("--images", images, "--data", data())).out())
        .contains("Skipped 2.png: ", "FID");
  }

  @Test
  void whatIsWrongIsSaidInASentence() throws IOException {
    CommandRun.isRefused("Give one of --checkpoint, --images and --merge-stats", words());
    CommandRun.isRefused(
        "Give one of", words("--checkpoint", checkpoint, "--images", data(), "--data", data()));
    CommandRun.isRefused("--data is missing", words("--images", data()));
    CommandRun.isRefused("at least 2 images", model("-n", 1));
    CommandRun.isRefused("--data-count must be at least 2", model("--data-count", 1));
    CommandRun.isRefused(
        "--no-cache keeps nothing", words("--images", data(), "--data", data(), "--no-cache"));
    CommandRun.isRefused("did you mean \"tar\"?", model("--data-type", "tart"));
    CommandRun.isRefused("give --classes uniform", model("--data-type", "imagefolder"));
    CommandRun.isRefused(
        "leave out --neighbours", model("--sweep", "steps=1,2", "--neighbours", "x.png"));
    CommandRun.isRefused("--guide has no effect", model("--guide", checkpoint));
    CommandRun.isRefused("needs --preprocess", model("--features", "net.pt"));
    Path empty = Files.createDirectories(folder.resolve("empty"));
    CommandRun.isRefused("empty", words("--images", empty, "--data", data()));
    CommandRun.isRefused(
        "does not exist", words("--images", data(), "--data", folder.resolve("nowhere")));
  }
}
