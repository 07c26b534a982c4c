package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The sources keep to the tables of ARCHITECTURE.md. */
class ArchitectureTest {

  private static final Path ROOT = Path.of("..");
  private static final String KERNELS = "dev.hourglass.kernels";

  /** About 25. */
  private static final int MOST_FILES = 26;

  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");

  /** The package of any class of ours that is named in full: in imports above all. */
  private static final Pattern NAMED = Pattern.compile("\\b(dev\\.hourglass[a-z0-9.]*)\\.[A-Z]");

  /** A file of {@code src/main}. */
  private record Source(Path file, String module, String packageName, List<String> named) {

    static Source of(Path file) {
      try {
        String text = Files.readString(file);
        return new Source(
            file,
            ROOT.relativize(file).getName(0).toString(),
            groups(PACKAGE, text).getFirst(),
            groups(NAMED, text).stream().distinct().toList());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final String DOCUMENT = read(ROOT.resolve("ARCHITECTURE.md"));
  private static final List<String> MODULES = groups(row("`(\\w+)`", ".*"), table("module"));
  private static final List<String> ROOMS = groups(row("`([\\w.]+)`", ".*"), table("package"));
  private static final List<String> OPEN_ROOMS =
      groups(row("`([\\w.]+)`", ".*\\| yes \\|"), table("package"));

  private static final List<Source> SOURCES = sources();
  private static final Map<String, String> MODULE_OF_PACKAGE =
      SOURCES.stream()
          .collect(Collectors.toMap(Source::packageName, Source::module, (first, second) -> first));

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> groups(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult match) -> match.group(1)).toList();
  }

  private static Pattern row(String first, String rest) {
    return Pattern.compile("(?m)^\\| " + first + " \\|" + rest + "$");
  }

  /** The table whose first column has that heading. */
  private static String table(String heading) {
    int start = DOCUMENT.indexOf("\n| " + heading + " |");
    assertThat(start).as("table of each " + heading).isNotNegative();
    return DOCUMENT.substring(start, DOCUMENT.indexOf("\n\n", start + 1));
  }

  private static List<Source> sources() {
    return MODULES.stream()
        .map(module -> ROOT.resolve(module).resolve("src/main/java"))
        .flatMap(ArchitectureTest::javaFiles)
        .map(Source::of)
        .toList();
  }

  private static Stream<Path> javaFiles(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Stream.empty(); // A module of tests alone.
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String room(String packageName) {
    return packageName.substring(KERNELS.length() + 1);
  }

  private static boolean isRoom(String packageName) {
    return packageName.startsWith(KERNELS + ".");
  }

  /** Which file names what it must not. */
  private static List<String> wrong(BiPredicate<Source, String> isWrong) {
    return SOURCES.stream()
        .flatMap(
            source ->
                source.named.stream()
                    .filter(name -> isWrong.test(source, name))
                    .map(name -> source.file + " names " + name))
        .toList();
  }

  @Test
  void theModulesAreThoseOfTheBuildInItsOrder() {
    assertThat(MODULES)
        .isEqualTo(groups(Pattern.compile("<module>(.*)</module>"), read(ROOT.resolve("pom.xml"))));
  }

  @Test
  void aModuleNamesNoneBelowIt() {
    assertThat(
            wrong(
                (source, name) ->
                    MODULES.indexOf(MODULE_OF_PACKAGE.get(name)) > MODULES.indexOf(source.module)))
        .isEmpty();
  }

  @Test
  void theRoomsAreThePackagesOfTheKernels() {
    assertThat(
            SOURCES.stream()
                .map(Source::packageName)
                .filter(ArchitectureTest::isRoom)
                .map(ArchitectureTest::room)
                .distinct())
        .containsExactlyInAnyOrderElementsOf(ROOMS);
  }

  @Test
  void aRoomOfTheKernelsNamesNoneBelowIt() {
    assertThat(
            wrong(
                (source, name) ->
                    source.module.equals("kernels")
                        && isRoom(name)
                        && (!isRoom(source.packageName)
                            || ROOMS.indexOf(room(name))
                                > ROOMS.indexOf(room(source.packageName)))))
        .isEmpty();
  }

  @Test
  void otherModulesNameOnlyTheRoomsThatAreOpenToThem() {
    assertThat(
            wrong(
                (source, name) ->
                    !source.module.equals("kernels")
                        && isRoom(name)
                        && !OPEN_ROOMS.contains(room(name))))
        .isEmpty();
  }

  @Test
  void noPackagesNeedEachOther() {
    Map<String, Set<String>> needs =
        SOURCES.stream()
            .collect(
                Collectors.groupingBy(
                    Source::packageName,
                    Collectors.flatMapping(source -> source.named.stream(), Collectors.toSet())));
    needs.forEach((name, needed) -> needed.remove(name));
    while (needs.values().removeIf(Set::isEmpty)) {
      needs.values().forEach(needed -> needed.retainAll(needs.keySet()));
    }
    assertThat(needs).as("packages on or behind a circle, and what they need").isEmpty();
  }

  @Test
  void noPackageIsCrowded() {
    assertThat(
            SOURCES.stream()
                .collect(Collectors.groupingBy(Source::packageName, Collectors.counting())))
        .allSatisfy((name, files) -> assertThat(files).isLessThanOrEqualTo(MOST_FILES));
  }
}
