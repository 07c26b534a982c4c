package dev.hourglass.data.sets;

import dev.hourglass.core.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Checks on the classes of a set, and names for classes that have none. */
final class ClassLabels {

  /** What a set without labels answers. */
  static final int NONE = -1;

  /** Names the classes of a set, one a line, in the order of their numbers. */
  static final String FILE_NAME = "classes.txt";

  private static final int LISTED = 12;

  /** More classes than any set has; larger numbers are something else, an image's number say. */
  private static final int MOST_UNNAMED = 100_000;

  private ClassLabels() {}

  /** The names in {@code classes.txt} in a folder; empty without that file. */
  static List<String> namesBeside(Path folder) {
    Path file = folder.resolve(FILE_NAME);
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    try {
      return names(TextFile.read(file));
    } catch (IOException e) {
      throw Locations.unreadable(file, e);
    }
  }

  /** The names in a text of one name a line. */
  static List<String> names(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  /**
   * Names for the classes of a set whose labels are numbers.
   *
   * @param given what {@code classes.txt} or its like names; empty for none
   * @param highest label
   * @param where the highest label stands
   * @return as many plain numbers as the config or the labels speak of where no names are given
   * @throws InputException if a label has no name, or cannot be the number of a class
   */
  static List<String> namesFor(List<String> given, int numClasses, int highest, String where) {
    if (given.isEmpty()) {
      if (highest >= MOST_UNNAMED) {
        throw new InputException(
            "%s has the label %d, which is no number of a class: they count from 0; correct it, or name the classes in %s."
                .formatted(where, highest, FILE_NAME));
      }
      return numbers(numClasses, highest);
    }
    if (highest >= given.size()) {
      throw new InputException(
          "%s has the label %d, but %s names %d classes, from 0 on; add the missing names."
              .formatted(where, highest, FILE_NAME, given.size()));
    }
    return given;
  }

  /** Says which classes have no images: often labels that count from 1, or a part of a set. */
  static void reportUnused(IntStream labels, List<String> names, SetReport.Builder report) {
    BitSet used = new BitSet(names.size());
    labels.forEach(used::set);
    List<String> unused =
        IntStream.range(0, names.size())
            .filter(label -> !used.get(label))
            .mapToObj(names::get)
            .toList();
    if (!unused.isEmpty()) {
      report.note(
          "%d of %d classes have no images: %s."
              .formatted(unused.size(), names.size(), list(unused)));
    }
  }

  /** Plain numbers for as many classes as the config or the labels speak of. */
  private static List<String> numbers(int numClasses, int highestLabel) {
    return IntStream.range(0, Math.max(numClasses, highestLabel + 1))
        .mapToObj(Integer::toString)
        .toList();
  }

  /**
   * Checks that a set has the number of classes that the config says.
   *
   * @param numClasses 0 to accept any
   * @throws InputException naming the classes found
   */
  static void requireCount(ImageDataset images, int numClasses, Path location) {
    List<String> found = images.classNames();
    if (numClasses == 0 || numClasses == found.size()) {
      return;
    }
    if (found.isEmpty()) {
      throw new InputException(
          "dataset.num_classes is %d, but the images in %s have no labels; set it to 0, or %s."
              .formatted(numClasses, location, images.howToLabel()));
    }
    String passedOver =
        images.report().passedOver().stream()
            .map(group -> "; " + group)
            .collect(Collectors.joining());
    throw new InputException(
        "dataset.num_classes is %d, but %s holds %d classes (%s)%s; set it to %d."
            .formatted(numClasses, location, found.size(), list(found), passedOver, found.size()));
  }

  /** The first names of a list, and how many more there are. */
  static String list(List<String> names) {
    String first = names.stream().limit(LISTED).collect(Collectors.joining(", "));
    return names.size() <= LISTED ? first : first + " and %d more".formatted(names.size() - LISTED);
  }
}
