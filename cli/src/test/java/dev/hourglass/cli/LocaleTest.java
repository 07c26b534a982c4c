package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The library in languages that write numbers in other digits, or letters in other cases. */
@Isolated
class LocaleTest {

  private static final Locale BEFORE = Locale.getDefault();

  @TempDir Path folder;

  @AfterEach
  void restore() {
    Locale.setDefault(BEFORE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG-u-nu-arab", "hi-IN-u-nu-deva", "th-TH-u-nu-thai", "tr-TR"})
  void filesAreTheSameInEveryLanguage(String language) throws IOException {
    Locale.setDefault(Locale.forLanguageTag(language));
    Fixture fixture = Fixture.in(folder);
    Path checkpoint = fixture.trained(2);
    assertThat(checkpoint).hasFileName("step-00000002.safetensors").exists();
    Path copy = folder.resolve("model.safetensors");
    CommandRun.succeeds("convert", checkpoint, "--out", copy);
    Path images = folder.resolve("o");
    CommandRun.succeeds("sample", "--checkpoint", copy, "-n", 1, "--steps", 2, "--out", images);
    CommandRun.succeeds(
        "train",
        "--config",
        fixture.config(),
        "--name",
        "grids",
        "--runs",
        fixture.runs(),
        "--steps",
        1,
        "--batch-size",
        4,
        "--sample-every",
        1,
        "--sample-count",
        1);
    assertThat(fixture.runs().resolve("grids/samples/step-00000001.png")).exists();

    assertThat(names(fixture.runs())).allMatch(LocaleTest::isPlain);
    assertThat(names(images)).isNotEmpty().allMatch(LocaleTest::isPlain);
    for (String text : List.of("config.json", "latest.json", "metrics.csv")) {
      assertThat(Files.readString(fixture.runs().resolve("trained").resolve(text)))
          .matches(LocaleTest::isPlain);
    }
    assertThat(Files.readString(fixture.runs().resolve("trained/metrics.csv"))).contains("\n2,");
  }

  private static List<String> names(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static boolean isPlain(String text) {
    return text.chars().allMatch(c -> c < 128);
  }
}
