package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudyCommandTest {

  @TempDir static Path folder;
  private static StudyFixture fixture;
  private static CommandRun run;

  /** What the tests look at. */
  @BeforeAll
  static void runTheStudy() {
    fixture = StudyFixture.in(folder);
    run = CommandRun.succeeds(fixture.run(fixture.study("tiny")));
  }

  private static byte[] result(String study, String variant, int seed) throws IOException {
    return Files.readAllBytes(fixture.cell(study, variant, seed).resolve("result.json"));
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file);
  }

  @Test
  void everyCellLeavesItsResultItsMetricsAndItsGridAlone() throws IOException {
    assertThat(run.out()).contains("3 variants, 2 seeds, 6 cells of 8 steps", "6 of 6 cells are");
    for (String variant : List.of("base", "fast", "wide")) {
      for (int seed : new int[] {3, 4}) {
        Path cell = fixture.cell("tiny", variant, seed);
        try (Stream<Path> files = Files.list(cell)) {
          assertThat(files.map(file -> file.getFileName().toString()))
              .containsExactlyInAnyOrder("result.json", "metrics.csv", "samples.png");
        }
        assertThat(text(cell.resolve("result.json")))
            .contains("\"train_loss\": ", "\"peak_memory_bytes\": ", "\"processor\": ")
            .contains("\"variant\": \"" + variant + "\"", "\"seed\": " + seed)
            .contains("\"precision\": \"fp32\"")
            .doesNotContain("\"failure\"");
        assertThat(Png.read(cell.resolve("samples.png")).image().getWidth()).isGreaterThan(32);
      }
    }
  }

  /** Order, noise, noise levels and weights: the first loss is before the first update. */
  @Test
  void aSeedMeansTheSameImagesNoiseAndWeightsInEveryVariant() throws IOException {
    List<String> base = fixture.deterministicColumns("tiny", "base", 3);
    List<String> fast = fixture.deterministicColumns("tiny", "fast", 3);
    assertThat(loss(fast.get(1))).isEqualTo(loss(base.get(1)));
    assertThat(loss(fast.get(8))).isNotEqualTo(loss(base.get(8)));
    List<String> other = fixture.deterministicColumns("tiny", "base", 4);
    assertThat(loss(other.get(1))).isNotEqualTo(loss(base.get(1)));
  }

  private static String loss(String line) {
    return line.split(",")[2];
  }

  @Test
  void whatIsDoneIsNotDoneAgain() throws IOException {
    byte[] before = result("tiny", "base", 3);
    CommandRun again = CommandRun.succeeds(fixture.run(fixture.study("tiny")));
    assertThat(again.out()).doesNotContain("started").contains("6 of 6 cells are done.");
    assertThat(result("tiny", "base", 3)).isEqualTo(before);
  }

  @Test
  void aCellThatAnotherStudyHasRunIsTakenFromThere() throws IOException {
    Path study = fixture.studyWith("sharing", "\"base\": {}", "\"plain\": {}");
    StudyFixture.leaveOut(study, "wide");
    Files.writeString(study, text(study).replace("0.02", "0.04").replace("[3, 4]", "[3]"));
    CommandRun sharing = CommandRun.succeeds(fixture.run(study));
    assertThat(sharing.out()).contains("fast, seed 3: started").doesNotContain("plain, seed 3: st");
    // Any of the studies of this class that have it.
    Matcher taken =
        Pattern.compile("plain, seed 3: taken from (\\w+), which has the same cell\\.")
            .matcher(sharing.out());
    assertThat(taken.find()).as(sharing.out()).isTrue();
    Path other = fixture.cell(taken.group(1), "base", 3);
    Path cell = fixture.cell("sharing", "plain", 3);
    assertThat(text(cell.resolve("result.json")))
        .isEqualTo(
            text(other.resolve("result.json"))
                .replace("\"%s\"".formatted(taken.group(1)), "\"sharing\"")
                .replace("\"base\"", "\"plain\""));
    for (String file : List.of("metrics.csv", "samples.png")) {
      assertThat(cell.resolve(file)).hasSameBinaryContentAs(other.resolve(file));
    }
  }

  @Test
  void aChangedOverlayRunsItsOwnCellsAgainAndNoOthers() throws IOException {
    Path study = StudyFixture.leaveOut(fixture.studyWith("changed", "[3, 4]", "[3]"), "wide");
    CommandRun.succeeds(fixture.run(study));
    byte[] base = result("changed", "base", 3);
    byte[] fast = result("changed", "fast", 3);
    Files.writeString(study, text(study).replace("0.02", "0.03"));
    CommandRun again = CommandRun.succeeds(fixture.run(study));
    assertThat(again.out()).contains("fast, seed 3: started").doesNotContain("base, seed 3");
    assertThat(result("changed", "base", 3)).isEqualTo(base);
    assertThat(result("changed", "fast", 3)).isNotEqualTo(fast);
  }

  @Test
  void cellsAreMeasuredOnImagesHeldOutAndByTheImagesThatTheyDraw() throws IOException {
    Path study =
        fixture.studyWith(
            "measured",
            "\"seeds\": [3, 4]",
            "\"seeds\": [3], \"validate\": {\"share\": 0.25, \"every\": 4},"
                + " \"evaluate\": {\"count\": 4, \"steps\": 2}");
    Files.writeString(
        study, text(study).replace("[\"train_loss\"]", "[\"validation_loss\", \"fid\", \"kid\"]"));
    StudyFixture.leaveOut(study, "fast", "wide");
    CommandRun.succeeds(fixture.run(study));
    String result = text(fixture.cell("measured", "base", 3).resolve("result.json"));
    assertThat(result)
        .containsPattern("\"validation_loss\": 0\\.\\d+")
        .containsPattern("\"fid\": \\d+")
        .containsPattern("\"kid\": ");
    List<String> metrics =
        Files.readAllLines(fixture.cell("measured", "base", 3).resolve("metrics.csv"));
    assertThat(metrics.get(4)).doesNotContain(",,");
    assertThat(metrics.get(5)).contains(",,");
  }

  @Test
  void cellsSideBySideAreTheSameToTheBitAndKeptCheckpointsStay() throws IOException {
    Path study = fixture.studyWith("jobs", "\"seeds\": [3, 4]", "\"seeds\": [3], \"keep\": true");
    StudyFixture.leaveOut(study, "fast");
    CommandRun.succeeds(fixture.run(study, "--jobs", "2", "--threads", "3"));
    for (String variant : List.of("base", "wide")) {
      assertThat(fixture.deterministicColumns("jobs", variant, 3))
          .isEqualTo(fixture.deterministicColumns("tiny", variant, 3));
      assertThat(fixture.cell("jobs", variant, 3))
          .isDirectoryRecursivelyContaining("glob:**/run-*/checkpoints/step-00000008.safetensors");
    }
  }

  @Test
  void aCellWhoseLossIsNotFiniteIsRecordedAndTheOthersGoOn() throws IOException {
    Path study = fixture.studyWith("broken", "\"lr\": 0.02", "\"lr\": 1e30");
    Files.writeString(study, text(study).replace("[3, 4]", "[4]"));
    StudyFixture.leaveOut(study, "wide");
    CommandRun broken = CommandRun.succeeds(fixture.run(study));
    assertThat(broken.out())
        .containsPattern("fast, seed 4: failed at step \\d: the (loss|gradient) is")
        .contains("2 of 2 cells are done.");
    CommandRun.succeeds("study", "report", study, "--studies", fixture.studies());
    assertThat(text(fixture.studies().resolve("broken/report.html")))
        .contains("Failed cells", "fast, seed 4: step");
    assertThat(CommandRun.succeeds(fixture.run(study)).out()).doesNotContain("started");
  }

  @Test
  void theReportIsOnePageAndATable() throws IOException {
    CommandRun report =
        CommandRun.succeeds(
            "study", "report", folder.resolve("tiny.jsonc"), "--studies", fixture.studies());
    Path html = fixture.studies().resolve("tiny/report.html");
    assertThat(report.out()).contains("6 of 6 cells are done", html.toString());
    assertThat(text(html))
        .contains("train_loss", "baseline", "data:image/png;base64,", "<svg ")
        .contains("./hourglass study run " + folder.resolve("tiny.jsonc"))
        .doesNotContain("<script");
    assertThat(Files.readAllLines(fixture.studies().resolve("tiny/report.csv"))).hasSize(4);
  }

  @Test
  void aStudyFolderMayBeMovedAndReportsByItself() throws IOException {
    Path moved = folder.resolve("elsewhere/of-old");
    copy(fixture.studies().resolve("tiny"), moved);
    CommandRun.succeeds("study", "report", moved, "--out", folder.resolve("out"));
    assertThat(folder.resolve("out/report.html")).isRegularFile();
    assertThat(CommandRun.succeeds("study", "list", "--studies", folder.resolve("elsewhere")).out())
        .containsPattern("tiny +6 of 6 +3 +train_loss +\\w+ +\\d");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  @Test
  void aFolderWithoutStudiesIsNoError() {
    assertThat(CommandRun.succeeds("study", "list", "--studies", folder.resolve("none")).out())
        .contains("There is no study in");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"seeds\": [3, 4] | \"seeds\": 0 | seeds is 0",
        "\"seeds\" | \"sedes\" | sedes is not a known key",
        "\"fast\" | \"Base\" | Two variants have overlapping names, base and Base",
        "[48, 64] | [48] | variant wide: model.",
        "train_loss | inception | metrics has \"inception\", which is not known",
        "\"data\": \"images\" | \"data\": \"imagse\" | trains on imagse, where there is nothing",
        "\"config.json\" | \"confg.json\" | Cannot read the config confg.json",
      })
  void aBadStudyIsRefusedBeforeAnythingRuns(String piece, String replacement, String sentence) {
    Path study = fixture.studyWith("bad", piece, replacement);
    CommandRun.isRefused(sentence, fixture.run(study));
    assertThat(fixture.studies().resolve("bad")).doesNotExist();
  }

  @Test
  void whatCannotBeReportedIsSaid() {
    Path study = fixture.studyWith("never-run", "", "");
    CommandRun.isRefused(
        "has no result in", "study", "report", study, "--studies", fixture.studies());
    CommandRun.isRefused("holds no study", "study", "report", fixture.studies());
    CommandRun.isRefused(
        "a thread to each job", fixture.run(study, "--jobs", "3", "--threads", "2"));
  }
}
