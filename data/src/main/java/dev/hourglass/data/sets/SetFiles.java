package dev.hourglass.data.sets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which files make up a set: one rule for all kinds of sets.
 *
 * <ol>
 *   <li>A location that is a file is the set.
 *   <li>In a folder the files nearest to its top count, at most two folders deep.
 *   <li>Of those the training set, if names tell of one; else all whose names tell of no part; only
 *       if there is nothing else, deeper down neither, those of a test set.
 *   <li>Of a file and its copy, or the same file packed, one.
 * </ol>
 *
 * What was chosen and what else there was goes into the report.
 */
final class SetFiles {

  private static final int DEEPEST = 2;

  private static final int FEW = 5;

  /** As browsers and file managers name a second copy. */
  private static final Pattern COPY = Pattern.compile("( ?\\(\\d+\\)| - Copy| copy)(?=\\.|$)");

  private static final Pattern PACKED = Pattern.compile("(?i)(\\.tgz|\\.tar\\.gz|\\.gz|\\.tar)$");

  private static final Pattern ARCHIVE =
      Pattern.compile("(?i).*\\.(zip|rar|7z|tar|tgz|tbz2?|txz|(tar\\.)?(gz|bz2|xz|zst))");

  private final Path location;
  private final SetReport.Builder report;

  private SetFiles(Path location, SetReport.Builder report) {
    this.location = location;
    this.report = report;
  }

  /**
   * Finds the files of a set.
   *
   * @param isOne whether a file of this name could belong to it
   * @return sorted by path; empty if there are none
   */
  static List<Path> find(Path location, Predicate<String> isOne, SetReport.Builder report) {
    Locations.requireExists(location);
    if (!Files.isDirectory(location)) {
      return List.of(location);
    }
    return new SetFiles(location, report).find(isOne);
  }

  /** Says what the images are read from. */
  static void noteChosen(Path location, List<Path> files, SetReport.Builder report) {
    report.note(
        files.size() <= FEW
            ? "Images from %s."
                .formatted(
                    String.join(
                        ", ", files.stream().map(file -> relative(location, file)).toList()))
            : "Images from %d files, %s to %s."
                .formatted(
                    files.size(),
                    relative(location, files.getFirst()),
                    relative(location, files.getLast())));
  }

  /** A path below a location, with '/' on every system; the name alone of one that is not below. */
  static String relative(Path location, Path file) {
    return file.equals(location) || !file.startsWith(location)
        ? file.getFileName().toString()
        : location.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
  }

  /** What to say of archives in a folder where nothing was found; empty without any. */
  static String archivesIn(Path folder) {
    List<String> archives =
        Locations.children(folder).stream()
            .map(file -> file.getFileName().toString())
            .filter(name -> ARCHIVE.matcher(name).matches())
            .toList();
    return archives.isEmpty()
        ? ""
        : "; unpack what is still packed (%s)".formatted(ClassLabels.list(archives));
  }

  private List<Path> find(Predicate<String> isOne) {
    List<Path> folders = List.of(location);
    List<Path> heldOut = new ArrayList<>();
    for (int depth = 0; depth <= DEEPEST; depth++) {
      List<Path> found = new ArrayList<>();
      List<Path> below = new ArrayList<>();
      for (Path folder : folders) {
        for (Path child : depth == 0 ? Locations.children(folder) : childrenIfReadable(folder)) {
          String name = child.getFileName().toString();
          if (Bystanders.isHidden(name) || Bystanders.isJunk(name)) {
            continue;
          }
          if (Files.isDirectory(child)) {
            below.add(child);
          } else if (isOne.test(name) && Files.exists(child)) {
            found.add(child);
          }
        }
      }
      List<Path> usable = found.stream().filter(file -> part(file) != Part.HELD_OUT).toList();
      found.stream().filter(file -> part(file) == Part.HELD_OUT).forEach(heldOut::add);
      if (!usable.isEmpty()) {
        heldOut.forEach(file -> report.passOver("test or validation set", name(file)));
        return onlyOnce(onlyTraining(usable));
      }
      folders = below;
    }
    if (!heldOut.isEmpty()) {
      report.note("There is no training set, so the test or validation set is read.");
    }
    return onlyOnce(heldOut);
  }

  private List<Path> childrenIfReadable(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted(Comparator.comparing(Path::toString)).toList();
    } catch (IOException e) {
      report.passOver("unreadable folder", name(folder));
      return List.of();
    }
  }

  private List<Path> onlyTraining(List<Path> files) {
    if (files.stream().noneMatch(file -> part(file) == Part.TRAINING)) {
      return files;
    }
    files.stream()
        .filter(file -> part(file) != Part.TRAINING)
        .forEach(file -> report.passOver("not of the training set", name(file)));
    return files.stream().filter(file -> part(file) == Part.TRAINING).toList();
  }

  private List<Path> onlyOnce(List<Path> files) {
    Map<String, Path> plain = new HashMap<>();
    files.forEach(file -> plain.put(name(file), file));
    List<Path> chosen = new ArrayList<>();
    Map<String, Path> unpacked = new HashMap<>();
    for (Path file : files) {
      String name = name(file);
      Path original = plain.get(COPY.matcher(name).replaceFirst(""));
      if (original != null && !original.equals(file) && size(original) == size(file)) {
        report.passOver("copy of " + name(original), name);
        continue;
      }
      // Sorted by name, so a file comes before the same file packed.
      Path first = unpacked.putIfAbsent(PACKED.matcher(name).replaceFirst(""), file);
      if (first == null) {
        chosen.add(file);
      } else {
        report.passOver("packed form of " + name(first), name);
      }
    }
    return chosen;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw Locations.unreadable(file, e);
    }
  }

  private Part part(Path file) {
    return Part.of(name(file));
  }

  private String name(Path file) {
    return relative(location, file);
  }
}
