package dev.hourglass.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A tiny study of the tiny data set: a base, a higher learning rate, and wider levels. */
final class StudyFixture {

  private static final String STUDY =
      """
      {
        "base": "config.json", // beside this file
        "data": "images",
        "budget": {"steps": 8},
        "batch_size": 4,
        "precision": "fp32",
        "seeds": [3, 4],
        "metrics": ["train_loss"],
        "samples": {"count": 2, "steps": 2},
        "variants": {"base": {}, "fast": {"lr": 0.02}, "wide": {"model": {"widths": [48, 64]}}},
      }
      """;

  private final Path folder;
  private final boolean apart;

  private StudyFixture(Path folder, boolean apart) {
    this.folder = folder;
    this.apart = apart;
  }

  /** Studies beside each other, which share the results of equal cells. */
  static StudyFixture in(Path folder) {
    Fixture.in(folder);
    return new StudyFixture(folder, false);
  }

  /** Studies each in a folder of its own, which share nothing. */
  static StudyFixture apartIn(Path folder) {
    Fixture.in(folder);
    return new StudyFixture(folder, true);
  }

  /** Where studies are that lie beside each other. */
  Path studies() {
    return folder.resolve("studies");
  }

  private Path studies(String study) {
    return apart ? studies().resolve("with-" + study) : studies();
  }

  /** The study file, of a name. */
  Path study(String name) {
    return studyWith(name, "", "");
  }

  /** The same with a piece of its text replaced. */
  Path studyWith(String name, String piece, String replacement) {
    if (!STUDY.contains(piece)) {
      throw new IllegalArgumentException("the study has no " + piece);
    }
    try {
      String text = piece.isEmpty() ? STUDY : STUDY.replace(piece, replacement);
      return Files.writeString(folder.resolve(name + ".jsonc"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same with fewer variants: each cell is a process, and takes seconds. */
  static Path leaveOut(Path study, String... variants) {
    try {
      String text = Files.readString(study);
      for (String variant : variants) {
        text = text.replaceFirst(", \"" + variant + "\": (\\{[^{}]*\\{.*?\\}\\}|\\{[^{}]*\\})", "");
      }
      return Files.writeString(study, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path cell(String study, String variant, int seed) {
    return studies(study).resolve(study).resolve("cells").resolve(variant).resolve("seed-" + seed);
  }

  /** The metrics of a cell that runs, or is done. */
  Path metrics(String study, String variant, int seed) {
    Path cell = cell(study, variant, seed);
    if (Files.isDirectory(cell)) {
      try (Stream<Path> files = Files.list(cell)) {
        return files
            .map(file -> file.resolve("metrics.csv"))
            .filter(Files::exists)
            .findFirst()
            .orElse(cell.resolve("metrics.csv"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return cell.resolve("metrics.csv");
  }

  /** All of a cell's metrics but times. */
  List<String> deterministicColumns(String study, String variant, int seed) throws IOException {
    return Files.readAllLines(cell(study, variant, seed).resolve("metrics.csv")).stream()
        .map(line -> line.replaceFirst(",[^,]*,[^,]*$", ""))
        .toList();
  }

  Object[] run(Path study, Object... more) {
    String name = study.getFileName().toString().replace(".jsonc", "");
    List<Object> words =
        new ArrayList<>(List.of("study", "run", study, "--studies", studies(name)));
    words.addAll(List.of(more));
    if (!words.contains("--threads")) {
      words.addAll(List.of("--threads", 1)); // Models this small gain nothing by more.
    }
    return words.toArray();
  }
}
