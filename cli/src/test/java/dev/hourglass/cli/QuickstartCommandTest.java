package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartCommandTest {

  private static final String HOME = "hourglass.home";

  @TempDir Path home;

  @AfterEach
  void forgetHome() {
    System.clearProperty(HOME);
  }

  /** A folder like that of the launcher, but with a smaller model and fewer, smaller clothes. */
  private void makeHome() throws IOException {
    Fixture fixture = Fixture.in(home.resolve("unused"));
    Path config = fixture.configWith("\"num_classes\": 3", "\"num_classes\": 10");
    String text =
        Files.readString(config)
            .replace("imagefolder-class", "mnist")
            .replace("\"input_channels\": 3", "\"input_channels\": 1");
    Files.createDirectories(home.resolve("configs"));
    Files.writeString(home.resolve("configs/quickstart.json"), text);
    Path data = Files.createDirectories(home.resolve("datasets/fashion-mnist"));
    int images = 30;
    ByteBuffer pixels = ByteBuffer.allocate(16 + images * 16 * 16);
    pixels.putInt(0x803).putInt(images).putInt(16).putInt(16);
    for (int i = 0; pixels.hasRemaining(); i++) {
      pixels.put((byte) (i * 31));
    }
    ByteBuffer labels = ByteBuffer.allocate(8 + images).putInt(0x801).putInt(images);
    for (int i = 0; i < images; i++) {
      labels.put((byte) (i % 10));
    }
    Files.write(data.resolve("t10k-images-idx3-ubyte"), pixels.array());
    Files.write(data.resolve("t10k-labels-idx1-ubyte"), labels.array());
    System.setProperty(HOME, home.toString());
  }

  @Test
  void trainsForTheTimeGivenDrawsAGridAndSaysWhatToDoNext() throws Exception {
    makeHome();
    Path runs = home.resolve("runs");
    CommandRun first = CommandRun.succeeds("quickstart", "--minutes", "0.02", "--runs", runs);

    Path run = runs.resolve("quickstart");
    Png grid = Png.read(run.resolve("grid.png"));
    assertThat(grid.image().getWidth()).isGreaterThanOrEqualTo(640);
    assertThat(grid.image().getHeight()).isGreaterThanOrEqualTo(256);
    assertThat(run).isDirectoryContaining("glob:**config.json");
    assertThat(run).isDirectoryContaining("glob:**metrics.csv");
    assertThat(run).isDirectoryContaining("glob:**loss.png");
    assertThat(first.out())
        .contains("30 images of 10 classes", "Next:", "The grid is " + run.resolve("grid.png"));

    String[] next =
        first
            .out()
            .lines()
            .filter(line -> line.contains("/hourglass train"))
            .findFirst()
            .orElseThrow()
            .strip()
            .split(" ");
    assertThat(next[0]).isEqualTo(home.resolve("hourglass").toString());
    Object[] words = java.util.Arrays.copyOfRange(next, 1, next.length, Object[].class);
    assertThat(CommandRun.succeeds(words).out()).contains("Resuming " + run);
  }

  @Test
  void aRunThatExistsIsLeftAlone() throws Exception {
    makeHome();
    Path runs = home.resolve("runs");
    Path old = Files.createDirectories(runs.resolve("again"));
    CommandRun run =
        CommandRun.succeeds("quickstart", "--minutes", "0.001", "--name", "again", "--runs", runs);
    assertThat(run.out()).contains(old + " exists, so this run is " + runs.resolve("again-2"));
    assertThat(old).isEmptyDirectory();
    assertThat(runs.resolve("again-2/grid.png")).exists();
  }

  @Test
  void withoutTheLauncherItIsRefused() {
    CommandRun.isRefused(
        "start the command with the hourglass script",
        "quickstart",
        "--runs",
        home.resolve("runs"));
  }
}
