package dev.hourglass.data.sets;

import dev.hourglass.core.InputException;
import dev.hourglass.data.image.DecodedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The two binary forms of CIFAR: records of labels, the finest one last, and 32 x 32 red, then
 * green, then blue samples.
 */
enum CifarForm {
  CIFAR_10("CIFAR-10", 1, 10, "batches.meta.txt", "(data_batch_.*|test_batch.*)\\.bin"),
  /** A coarse label of 20 comes before the fine one, which is read. */
  CIFAR_100("CIFAR-100", 2, 100, "fine_label_names.txt", "(train|test).*\\.bin");

  private static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;

  private final String title;
  private final int labelBytes;
  private final int classes;
  private final String namesFile;
  private final Pattern fileName;

  CifarForm(String title, int labelBytes, int classes, String namesFile, String fileName) {
    this.title = title;
    this.labelBytes = labelBytes;
    this.classes = classes;
    this.namesFile = namesFile;
    this.fileName = Pattern.compile(fileName);
  }

  /** The form of a file by its name; that of CIFAR-10 if it has another's. */
  static CifarForm of(Path file) {
    String name = file.getFileName().toString();
    return CIFAR_100.isFile(name) && !CIFAR_10.isFile(name) ? CIFAR_100 : CIFAR_10;
  }

  String title() {
    return title;
  }

  boolean isFile(String name) {
    return fileName.matcher(name).matches();
  }

  int recordBytes() {
    return labelBytes + 3 * PLANE;
  }

  /**
   * @throws InputException if a file is not of this form
   */
  void check(Path path, byte[] content) {
    if (content.length == 0 || content.length % recordBytes() != 0) {
      throw new InputException(
          "%s is no %s file or is cut short: its %d bytes are no multiple of %d; fetch it again."
              .formatted(path, title, content.length, recordBytes()));
    }
    for (int i = 0; i < content.length / recordBytes(); i++) {
      if (label(content, i) >= classes) {
        throw new InputException(
            "%s is no %s file: image %d has the label %d, and labels end at %d; fetch it again."
                .formatted(path, title, i, label(content, i), classes - 1));
      }
    }
  }

  int label(byte[] content, int index) {
    return content[index * recordBytes() + labelBytes - 1] & 0xFF;
  }

  DecodedImage image(byte[] content, int index) {
    int from = index * recordBytes() + labelBytes;
    byte[] pixels = new byte[3 * PLANE]; // [h, w, c] from [c, h, w]
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < PLANE; i++) {
        pixels[3 * i + c] = content[from + c * PLANE + i];
      }
    }
    return new DecodedImage(SIDE, SIDE, 3, pixels);
  }

  /**
   * As the file beside the images names them, else plain numbers.
   *
   * @throws InputException if it does not name them all
   */
  List<String> classNames(Path folder) {
    Path file = folder.resolve(namesFile);
    if (!Files.exists(file)) {
      return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    }
    List<String> names;
    try {
      names = ClassLabels.names(TextFile.read(file));
    } catch (IOException e) {
      throw Locations.unreadable(file, e);
    }
    if (names.size() != classes) {
      throw new InputException(
          "%s names %d classes, but %s has %d; fetch it again, or remove it to number them."
              .formatted(file, names.size(), title, classes));
    }
    return names;
  }
}
