package dev.hourglass.data;

import dev.hourglass.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private ClassLabels() {}

  /** The names in {@code classes.txt} in a folder; empty without that file. */
  static List<String> namesBeside(Path folder) {
    Path file = folder.resolve(FILE_NAME);
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    try {
      return names(Files.readString(file));
    } catch (IOException e) {
      throw Locations.unreadable(file, e);
    }
  }

  /** The names in a text of one name a line. */
  static List<String> names(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  /** Plain numbers for as many classes as the config or the labels speak of. */
  static List<String> numbers(int numClasses, int highestLabel) {
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
          "dataset.num_classes is %d, but the images in %s have no labels; set it to 0, or sort the images into one folder for each class and set dataset.type to imagefolder-class."
              .formatted(numClasses, location));
    }
    throw new InputException(
        "dataset.num_classes is %d, but %s holds %d classes (%s); set it to %d."
            .formatted(numClasses, location, found.size(), list(found), found.size()));
  }

  /** The first names of a list, and how many more there are. */
  static String list(List<String> names) {
    String first = names.stream().limit(LISTED).collect(Collectors.joining(", "));
    return names.size() <= LISTED ? first : first + " and %d more".formatted(names.size() - LISTED);
  }
}
