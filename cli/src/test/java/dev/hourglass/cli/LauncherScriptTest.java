package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script that users start, in folders of any name and in any locale. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "such names cannot exist there")
class LauncherScriptTest {

  private static final Path CLASSES = Path.of("target/classes").toAbsolutePath();

  @TempDir Path folder;

  private record Result(int code, String out, String err) {}

  /** Runs a command without any locale, as in a container. */
  private Result run(Object... words) throws IOException, InterruptedException {
    Path out = folder.resolve("out.log");
    Path err = folder.resolve("err.log");
    ProcessBuilder builder =
        new ProcessBuilder(Arrays.stream(words).map(Object::toString).toList())
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    for (String name : List.of("LANG", "LC_ALL", "LC_CTYPE", "HOURGLASS_JAVA_OPTS")) {
      builder.environment().remove(name);
    }
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    int code = builder.start().waitFor();
    return new Result(code, Files.readString(out), Files.readString(err));
  }

  /** What a clone has after it was built, with the program in its own jar. */
  private Path installed(String name) throws IOException {
    Path home = folder.resolve(name);
    Path target = Files.createDirectories(home.resolve("cli/target"));
    Files.createDirectories(home.resolve(".mvn"));
    for (String file :
        List.of("hourglass", "pom.xml", "cli/pom.xml", ".mvn/jdk.sh", ".mvn/folder.sh")) {
      Files.copy(Path.of("..", file), home.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
    }
    Files.createDirectories(home.resolve("cli/src/main"));
    try (JarOutputStream jar =
            new JarOutputStream(Files.newOutputStream(target.resolve("hourglass-cli.jar")));
        Stream<Path> files = Files.walk(CLASSES)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        jar.putNextEntry(new JarEntry(CLASSES.relativize(file).toString()));
        Files.copy(file, jar);
      }
    }
    String others =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !Path.of(entry).toAbsolutePath().equals(CLASSES))
            .collect(Collectors.joining(File.pathSeparator));
    Files.writeString(target.resolve("classpath.txt"), others);
    return home;
  }

  private static void requireNamesOfAnyLetters() {
    String encoding = System.getProperty("sun.jnu.encoding");
    assumeTrue(Charset.forName(encoding).equals(StandardCharsets.UTF_8), encoding);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a:b", "with some blanks", "l'\u00e9t\u00e9 * 2", "\u65e5\u672c: \u8a9e", "wow!"})
  void aCloneInAFolderOfAnyNameRuns(String name) throws Exception {
    requireNamesOfAnyLetters();
    Path home = installed(name);
    Files.createDirectories(folder.resolve("data"));
    Path config = Files.move(Fixture.in(folder).config(), folder.resolve("mod\u00e8le.json"));
    Result result = run(home.resolve("hourglass"), "inspect", config.getFileName());
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(result.out()).startsWith("mod\u00e8le.json\n").contains("16x16 pixels");
  }

  @Test
  void aLinkToTheLauncherRunsToo() throws Exception {
    requireNamesOfAnyLetters();
    Path link =
        Files.createSymbolicLink(folder.resolve("h"), installed("a:\u00e9").resolve("hourglass"));
    Result result = run(link, "inspect", Fixture.in(folder).config());
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
  }

  private Result script(String text) throws IOException, InterruptedException {
    return run("sh", "-c", ". '" + Path.of("../.mvn/folder.sh").toAbsolutePath() + "'; " + text);
  }

  @Test
  void aFolderOfAPlainNameIsUsedAsItIs() throws Exception {
    Result result = script("class_path_folder '/some where'; echo \"$folder\"");
    assertThat(result.out()).isEqualTo("/some where\n");
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @Test
  void whereNoLinkCanBeMadeOneSentenceSaysWhatToDo() throws Exception {
    Files.writeString(folder.resolve("cache"), "a file");
    Result result = script("class_path_folder /a:b; echo on");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("Java cannot run from the folder /a:b").hasLineCount(1);
  }

  @Test
  void aLocaleThatTheUserChoseIsKept() throws Exception {
    Result result =
        script("locale() { echo ISO-8859-1; }; LC_ALL=de_DE; use_unicode; echo $LC_ALL");
    assertThat(result.out()).isEqualTo("de_DE\n");
  }
}
