package dev.hourglass.data.sets;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.ReadFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The vectors of a set as they are written in {@code vectors.csv}, to be written again under other
 * names. Unlike {@link ImageVectors} it knows no model and so no dimension: where names hold commas
 * a line belongs to the image with the longest name that it begins with.
 */
public final class VectorText {

  private final List<String> numbers;

  private VectorText(List<String> numbers) {
    this.numbers = numbers;
  }

  /**
   * Reads the vectors of all images, if there are any.
   *
   * @param location of the set: its folder, or a file in it
   * @throws InputException if an image has no line, or not as many numbers as the others
   */
  public static Optional<VectorText> beside(ImageDataset dataset, Path location) {
    Path file = ImageVectors.file(location);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Map<String, Integer> images = new HashMap<>();
    for (int i = 0; i < dataset.size(); i++) {
      images.put(TextFile.composed(dataset.name(i)), i);
    }
    String[] numbers = new String[dataset.size()];
    try {
      TextFile.read(file).lines().forEach(line -> place(TextFile.composed(line), images, numbers));
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    }
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] == null) {
        throw new InputException(
            "%s has no line for the image %s; add one, or move the file away."
                .formatted(file, dataset.name(i)));
      }
      if (count(numbers[i]) != count(numbers[0])) {
        throw new InputException(
            "%s has %d numbers for the image %s and %d for %s; correct the lines, or move the file away."
                .formatted(
                    file, count(numbers[i]), dataset.name(i), count(numbers[0]), dataset.name(0)));
      }
    }
    return Optional.of(new VectorText(List.of(numbers)));
  }

  private static void place(String line, Map<String, Integer> images, String[] numbers) {
    for (int end = line.lastIndexOf(','); end > 0; end = line.lastIndexOf(',', end - 1)) {
      Integer image = images.get(line.substring(0, end));
      if (image != null) {
        numbers[image] = line.substring(end + 1).strip();
        return;
      }
    }
  }

  private static long count(String numbers) {
    return numbers.chars().filter(c -> c == ',').count() + 1;
  }

  /** The numbers of an image of the set, separated by commas. */
  public String of(int index) {
    return numbers.get(index);
  }
}
