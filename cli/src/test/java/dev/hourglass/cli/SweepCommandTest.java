package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepCommandTest {

  @TempDir static Path folder;
  private static Path checkpoint;

  @BeforeAll
  static void train() {
    checkpoint = Fixture.in(folder).trained(12);
  }

  private static Png picture(String name, Object... options) {
    List<Object> words = new ArrayList<>(List.of("sample", "--checkpoint", checkpoint, "--grid"));
    Path file = folder.resolve(name);
    words.add(file);
    words.addAll(List.of(options));
    assertThat(CommandRun.succeeds(words.toArray()).out()).contains(file.toString());
    return Png.read(file);
  }

  /** The pixels of a cell of one 16x16 image, with its frame and five times as large. */
  private static int[] cell(BufferedImage picture, int fromRight, int fromBottom) {
    int side = 100;
    int x = picture.getWidth() - fromRight * (side + 6) - side - 6;
    int y = picture.getHeight() - fromBottom * (side + 6) - side - 6;
    return picture.getRGB(x + 6, y + 6, side - 12, side - 12, null, 0, side - 12);
  }

  /** The largest of any channel. */
  private static int difference(int[] one, int[] other) {
    int largest = 0;
    for (int i = 0; i < one.length; i++) {
      for (int shift = 0; shift < 24; shift += 8) {
        largest = Math.max(largest, Math.abs((one[i] >> shift & 255) - (other[i] >> shift & 255)));
      }
    }
    return largest;
  }

  @Test
  void columnsAndRowsShowTheSameImageWithOtherSettings() {
    Png swept =
        picture(
            "swept.png",
            "-n",
            1,
            "--sweep",
            "guidance=1,4",
            "--sweep",
            "steps=2,3,5",
            "--no-images");
    assertThat(swept.texts().get("hourglass")).contains("guidance=1,4", "steps=2,3,5");
    Png last = picture("last.png", "-n", 1, "--guidance", 4, "--sweep", "steps=5");
    assertThat(cell(swept.image(), 0, 0)).isEqualTo(cell(last.image(), 0, 0));
    assertThat(cell(swept.image(), 0, 0)).isNotEqualTo(cell(swept.image(), 1, 0));
    assertThat(cell(swept.image(), 0, 0)).isNotEqualTo(cell(swept.image(), 0, 1));
    assertThat(swept.image().getHeight()).isGreaterThan(3 * 100);
  }

  @Test
  void everySettingCanBeSwept() {
    for (String sweep :
        List.of(
            "guidance-interval=0.1:5,0:80",
            "schedule=karras:5,flow",
            "sampler=euler,heun",
            "eta=0,1")) {
      picture("one.png", "-n", 2, "--steps", 3, "--guidance", 2, "--sweep", sweep);
    }
  }

  @Test
  void lengthsOfAveragesAreSweptInARunWithSnapshots() {
    Fixture fixture = Fixture.in(folder.resolve("power"));
    Path config =
        fixture.configWith(
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
        fixture.runs(),
        "--steps",
        8,
        "--batch-size",
        4,
        "--sample-every",
        0);
    Path trained = fixture.runs().resolve("p/checkpoints/step-00000008.safetensors");
    Path grid = folder.resolve("averages.png");
    CommandRun.succeeds(
        "sample",
        "--checkpoint",
        trained,
        "-n",
        1,
        "--steps",
        3,
        "--precision",
        "fp32",
        "--grid",
        grid,
        "--sweep",
        "sigma-rel=0.05,0.1,0.15");
    Path own = folder.resolve("own.png");
    CommandRun.succeeds(
        "sample",
        "--checkpoint",
        trained,
        "-n",
        1,
        "--precision",
        "fp32",
        "--grid",
        own,
        "--sweep",
        "steps=3");
    // The checkpoint has the shortest average, whose reconstruction is itself.
    int[] drawn = cell(Png.read(own).image(), 0, 0);
    assertThat(difference(cell(Png.read(grid).image(), 2, 0), drawn)).isLessThanOrEqualTo(1);
    assertThat(cell(Png.read(grid).image(), 0, 0)).isNotEqualTo(drawn);
    CommandRun.isRefused(
        "has no snapshots of averaged weights",
        "sample",
        "--checkpoint",
        checkpoint,
        "--grid",
        grid,
        "--sweep",
        "sigma-rel=0.1");
    CommandRun.isRefused(
        "above 0 and below 0.289",
        "sample",
        "--checkpoint",
        trained,
        "--grid",
        grid,
        "--sweep",
        "sigma-rel=0.3");
  }

  @Test
  void aGuideThatNoCellAsksIsRefused() {
    CommandRun.isRefused(
        "--guide has no effect at a --guidance of 1",
        "sample",
        "--checkpoint",
        checkpoint,
        "--guide",
        checkpoint,
        "--grid",
        folder.resolve("unguided.png"),
        "--sweep",
        "steps=2,3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          --sweep guidance=1,2                                                | say where with --grid FILE
          --grid g.png --sweep guidance                                       | "guidance" is not a sweep
          --grid g.png --sweep guidanse=1                                     | did you mean "guidance"?
          --grid g.png --sweep guidance=                                      | needs different values
          --grid g.png --sweep guidance=1,1                                   | needs different values
          --grid g.png --sweep guidance=1,x                                   | "x" in a sweep is not a number
          --grid g.png --sweep steps=1.5                                      | "1.5" is not a number of steps
          --grid g.png --sweep guidance-interval=3                            | "3" is not an interval
          --grid g.png --sweep sampler=euler,eular                            | did you mean "euler"?
          --grid g.png --sweep sampler=euler --sweep eta=1                    | The sampler euler has no option eta
          --grid g.png --sweep steps=1 --sweep steps=2                        | steps is swept twice
          --grid g.png --sweep steps=1 --sweep eta=1 --sweep guidance=1       | not 3
          --grid g.png --sigmas 3,1 --sweep steps=4                           | The list has 2 noise levels
          """)
  void wrongSweepsAreRefused(String options, String sentencePart) {
    List<Object> words = new ArrayList<>(List.of("sample", "--checkpoint", checkpoint));
    words.addAll(List.of((Object[]) options.split(" ")));
    CommandRun.isRefused(sentencePart, words.toArray());
  }
}
