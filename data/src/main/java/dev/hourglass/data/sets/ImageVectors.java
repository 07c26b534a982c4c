package dev.hourglass.data.sets;

import dev.hourglass.core.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A vector for each image of a set, for models with {@code mapping_cond_dim}. They come from {@code
 * vectors.csv} beside the images: a line {@code NAME,v1,v2,...} for each, with the name that {@link
 * ImageDataset#name} gives.
 */
public final class ImageVectors {

  public static final String FILE_NAME = "vectors.csv";

  private final float[][] vectors;

  private ImageVectors(float[][] vectors) {
    this.vectors = vectors;
  }

  /** Vectors of no numbers, for models that take none. */
  public static ImageVectors none(ImageDataset dataset) {
    return new ImageVectors(new float[dataset.size()][0]);
  }

  /** The given vectors, in the order of the images' numbers. */
  public static ImageVectors of(float[][] vectors) {
    return new ImageVectors(Arrays.stream(vectors).map(float[]::clone).toArray(float[][]::new));
  }

  /**
   * Where the vectors of a set are, if it has any.
   *
   * @param location of the set: its folder, or a file in it
   */
  static Path file(Path location) {
    Path folder = Files.isDirectory(location) ? location : location.toAbsolutePath().getParent();
    return folder.resolve(FILE_NAME);
  }

  /**
   * Reads the vectors of all images.
   *
   * @param location of the set: its folder, or a file in it
   * @param dimension of every vector
   * @throws InputException if the file or an image's line is missing, or a line is wrong
   */
  public static ImageVectors read(ImageDataset dataset, Path location, int dimension) {
    Path file = file(location);
    Map<String, float[]> byName = new HashMap<>();
    try {
      List<String> lines = TextFile.read(file).lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        if (!lines.get(i).isBlank()) {
          addLine(byName, file, i + 1, lines.get(i), dimension);
        }
      }
    } catch (IOException e) {
      throw new InputException(
          "The model is conditioned on vectors but %s cannot be read; write a line NAME,v1,v2,... for each image."
              .formatted(file),
          e);
    }
    float[][] vectors = new float[dataset.size()][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = byName.get(TextFile.composed(dataset.name(i)));
      if (vectors[i] == null) {
        throw new InputException(
            "%s has no line for the image %s; add one with its %d numbers."
                .formatted(file, dataset.name(i), dimension));
      }
    }
    return new ImageVectors(vectors);
  }

  private static void addLine(
      Map<String, float[]> byName, Path file, int number, String line, int dimension) {
    String[] parts = line.split(",", -1);
    int numbers = parts.length - 1;
    if (numbers < dimension) {
      throw wrong(file, number, dimension);
    }
    // A name may hold commas, so the numbers are counted from the end.
    int nameParts = parts.length - dimension;
    String name = String.join(",", List.of(parts).subList(0, nameParts));
    float[] vector = new float[dimension];
    try {
      for (int i = 0; i < dimension; i++) {
        vector[i] = Float.parseFloat(parts[nameParts + i].strip());
      }
    } catch (NumberFormatException e) {
      throw wrong(file, number, dimension);
    }
    byName.put(TextFile.composed(name), vector);
  }

  private static InputException wrong(Path file, int line, int dimension) {
    return new InputException(
        "%s, line %d: expected a name and %d numbers, separated by commas; correct the line."
            .formatted(file, line, dimension));
  }

  /** The vectors of some images of the set, in the order given. */
  public ImageVectors of(int[] indices) {
    return new ImageVectors(
        Arrays.stream(indices).mapToObj(i -> vectors[i]).toArray(float[][]::new));
  }

  /** The vector of an image by its number in the set. */
  public float[] of(int index) {
    return vectors[index].clone();
  }
}
