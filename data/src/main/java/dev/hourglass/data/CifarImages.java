package dev.hourglass.data;

import dev.hourglass.InputException;
import dev.hourglass.data.image.DecodedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * CIFAR-10 in its binary form: files {@code data_batch_*.bin} of records of one label and 32 x 32
 * red, then green, then blue samples. Kept in memory whole.
 */
final class CifarImages implements ImageDataset {

  private static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;
  private static final int RECORD = 1 + 3 * PLANE;
  private static final int CLASSES = 10;
  private static final String FOLDER = "cifar-10-batches-bin";

  private final List<BatchFile> files;
  private final int size;
  private final List<String> classNames;

  /** One file in memory, and the index of its first image. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record BatchFile(String name, byte[] content, int first) {}

  private CifarImages(List<BatchFile> files, int size, List<String> classNames) {
    this.files = files;
    this.size = size;
    this.classNames = classNames;
  }

  /**
   * @param location the folder of the files, or its parent
   * @param numClasses how many classes to name at least where the set does not name them
   */
  static CifarImages open(Path location, int numClasses) {
    Locations.requireFolder(location);
    Path folder = Files.isDirectory(location.resolve(FOLDER)) ? location.resolve(FOLDER) : location;
    List<Path> paths =
        Locations.children(folder).stream()
            .filter(file -> file.getFileName().toString().matches("data_batch_.*\\.bin"))
            .toList();
    if (paths.isEmpty()) {
      throw new InputException(
          "No CIFAR-10 images were found in %s, where data_batch_*.bin were looked for; get the binary version, cifar-10-binary.tar.gz, and unpack it there."
              .formatted(folder));
    }
    Stream.Builder<BatchFile> files = Stream.builder();
    int size = 0;
    for (Path path : paths) {
      byte[] content = Locations.read(path);
      check(path, content);
      files.add(new BatchFile(path.getFileName().toString(), content, size));
      size += content.length / RECORD;
    }
    return new CifarImages(files.build().toList(), size, classNames(folder, numClasses));
  }

  private static void check(Path path, byte[] content) {
    if (content.length == 0 || content.length % RECORD != 0) {
      throw new InputException(
          "%s is no CIFAR-10 file or is cut short: its %d bytes are no multiple of %d; fetch it again."
              .formatted(path, content.length, RECORD));
    }
    for (int at = 0; at < content.length; at += RECORD) {
      int label = content[at] & 0xFF;
      if (label >= CLASSES) {
        throw new InputException(
            "%s is no CIFAR-10 file: image %d has the label %d, and labels end at 9; fetch it again."
                .formatted(path, at / RECORD, label));
      }
    }
  }

  private static List<String> classNames(Path folder, int numClasses) {
    Path names = folder.resolve("batches.meta.txt");
    if (!Files.exists(names)) {
      return ClassLabels.numbers(numClasses, CLASSES - 1);
    }
    try (Stream<String> lines = Files.lines(names)) {
      return lines.map(String::strip).filter(line -> !line.isEmpty()).toList();
    } catch (IOException | UncheckedIOException e) {
      throw Locations.unreadable(names, e);
    }
  }

  private BatchFile fileOf(int index) {
    int i = files.size() - 1;
    while (files.get(i).first > index) {
      i--;
    }
    return files.get(i);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public DecodedImage decode(int index) {
    BatchFile file = fileOf(index);
    int from = (index - file.first) * RECORD + 1;
    byte[] pixels = new byte[3 * PLANE]; // [h, w, c] from [c, h, w]
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < PLANE; i++) {
        pixels[3 * i + c] = file.content[from + c * PLANE + i];
      }
    }
    return new DecodedImage(SIDE, SIDE, 3, pixels);
  }

  @Override
  public int label(int index) {
    BatchFile file = fileOf(index);
    return file.content[(index - file.first) * RECORD] & 0xFF;
  }

  @Override
  public String name(int index) {
    BatchFile file = fileOf(index);
    return file.name + "#" + (index - file.first);
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }
}
