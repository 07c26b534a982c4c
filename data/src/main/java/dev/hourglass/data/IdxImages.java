package dev.hourglass.data;

import dev.hourglass.InputException;
import dev.hourglass.data.image.DecodedImage;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Gray images in the idx format of MNIST, Fashion-MNIST and their kin: {@code
 * train-images-idx3-ubyte} with {@code train-labels-idx1-ubyte} beside it, packed with gzip or not.
 * Kept in memory whole.
 */
final class IdxImages implements ImageDataset {

  /** Unsigned bytes in three dimensions: image, row, column. */
  private static final int IMAGES_MAGIC = 0x00000803;

  private static final int LABELS_MAGIC = 0x00000801;
  private static final int IMAGES_HEADER = 16;
  private static final int LABELS_HEADER = 8;

  private static final Pattern IMAGES_NAME =
      Pattern.compile("(.*)images([-.])idx3-ubyte(?:\\.gz)?");

  /** Where torchvision puts the files below the folder it is given. */
  private static final List<String> SUBFOLDERS = List.of("", "raw", "MNIST/raw");

  private final String fileName;
  private final ByteBuffer images;
  private final int count;
  private final int height;
  private final int width;
  private final byte[] labels;
  private final List<String> classNames;

  private IdxImages(Path file, ByteBuffer images, Optional<Path> labelsFile, int numClasses) {
    this.fileName = file.getFileName().toString();
    this.images = images;
    this.count = images.getInt(4);
    this.height = images.getInt(8);
    this.width = images.getInt(12);
    if (count < 1 || height < 1 || width < 1) {
      throw new InputException(
          "%s says it holds %d images of %d x %d pixels; choose a file with images in it."
              .formatted(file, count, height, width));
    }
    requireLength(file, images, IMAGES_HEADER + (long) count * height * width);
    if (labelsFile.isEmpty()) {
      this.labels = new byte[0];
      this.classNames = List.of();
      return;
    }
    ByteBuffer content = open(labelsFile.get(), LABELS_MAGIC, LABELS_HEADER, "labels");
    if (content.getInt(4) != count) {
      throw new InputException(
          "%s holds %d labels for the %d images of %s; use files of the same set."
              .formatted(labelsFile.get(), content.getInt(4), count, file.getFileName()));
    }
    requireLength(labelsFile.get(), content, LABELS_HEADER + (long) count);
    this.labels = new byte[count];
    content.get(LABELS_HEADER, labels);
    int highest = 0;
    for (byte label : labels) {
      highest = Math.max(highest, label & 0xFF);
    }
    this.classNames = names(labelsFile.get(), numClasses, highest);
  }

  /** From {@code classes.txt} beside the labels, or plain numbers. */
  private static List<String> names(Path labelsFile, int numClasses, int highest) {
    List<String> names = ClassLabels.namesBeside(labelsFile.toAbsolutePath().getParent());
    if (names.isEmpty()) {
      return ClassLabels.numbers(numClasses, highest);
    }
    if (highest >= names.size()) {
      throw new InputException(
          "%s has the label %d, but %s beside it names %d classes, from 0 on; add the missing names."
              .formatted(labelsFile, highest, ClassLabels.FILE_NAME, names.size()));
    }
    return names;
  }

  /**
   * @param location the file of images, or a folder with it in
   * @param numClasses how many classes to name at least
   */
  static IdxImages open(Path location, int numClasses) {
    Locations.requireExists(location);
    Path file = Files.isDirectory(location) ? find(location) : location;
    ByteBuffer images = open(file, IMAGES_MAGIC, IMAGES_HEADER, "images");
    return new IdxImages(file, images, labelsOf(file), numClasses);
  }

  private static Path find(Path folder) {
    return SUBFOLDERS.stream()
        .map(folder::resolve)
        .filter(Files::isDirectory)
        .flatMap(candidate -> Locations.children(candidate).stream())
        .filter(file -> IMAGES_NAME.matcher(file.getFileName().toString()).matches())
        .min(Comparator.comparing(IdxImages::isNotTraining))
        .orElseThrow(
            () ->
                new InputException(
                    "No idx images were found in %s, where train-images-idx3-ubyte, t10k-images-idx3-ubyte or either with .gz were looked for; correct dataset.location."
                        .formatted(folder)));
  }

  private static boolean isNotTraining(Path file) {
    return !file.getFileName().toString().startsWith("train");
  }

  private static Optional<Path> labelsOf(Path imagesFile) {
    Matcher name = IMAGES_NAME.matcher(imagesFile.getFileName().toString());
    if (!name.matches()) {
      return Optional.empty();
    }
    String labels = name.group(1) + "labels" + name.group(2) + "idx1-ubyte";
    return Stream.of(labels, labels + ".gz")
        .map(imagesFile::resolveSibling)
        .filter(Files::exists)
        .findFirst();
  }

  private static ByteBuffer open(Path file, int magic, int header, String what) {
    ByteBuffer content = ByteBuffer.wrap(Locations.read(file));
    if (content.capacity() < header) {
      throw new InputException(
          "%s is cut short: its %d bytes are less than the header of an idx file; fetch it again."
              .formatted(file, content.capacity()));
    }
    if (content.getInt(0) != magic) {
      throw new InputException(
          "%s is no idx file of %s: it begins with 0x%08x where 0x%08x is expected; check the file."
              .formatted(file, what, content.getInt(0), magic));
    }
    return content;
  }

  private static void requireLength(Path file, ByteBuffer content, long expected) {
    if (content.capacity() != expected) {
      throw new InputException(
          "%s is %s: it has %d bytes where its header tells of %d; fetch it again."
              .formatted(
                  file,
                  content.capacity() < expected ? "cut short" : "too long",
                  content.capacity(),
                  expected));
    }
  }

  @Override
  public int size() {
    return count;
  }

  @Override
  public DecodedImage decode(int index) {
    byte[] pixels = new byte[height * width];
    images.get(IMAGES_HEADER + index * pixels.length, pixels);
    return new DecodedImage(height, width, 1, pixels);
  }

  @Override
  public int label(int index) {
    return labels.length == 0 ? ClassLabels.NONE : labels[index] & 0xFF;
  }

  @Override
  public String name(int index) {
    return fileName + "#" + index;
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }
}
