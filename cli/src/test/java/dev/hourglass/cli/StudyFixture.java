package dev.hourglass.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private StudyFixture(Path folder) {
    this.folder = folder;
  }

  static StudyFixture in(Path folder) {
    Fixture.in(folder);
    return new StudyFixture(folder);
  }

  Path studies() {
    return folder.resolve("studies");
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
    return studies().resolve(study).resolve("cells").resolve(variant).resolve("seed-" + seed);
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
    return Stream.concat(Stream.of("study", "run", study, "--studies", studies()), Stream.of(more))
        .toArray();
  }
}
