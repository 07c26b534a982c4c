package dev.hourglass.data;

import dev.hourglass.InputException;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.image.ImageDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Image files in a folder and its subfolders, sorted by their path below it. Hidden files and
 * folders, whose names begin with a dot, are left out. With classes, the subfolder at the first
 * level is the class; classes are numbered in the order of their names.
 */
final class FolderImages implements ImageDataset {

  private final Path folder;
  private final List<String> names;
  private final List<String> classNames;
  private final int[] labels;

  private FolderImages(Path folder, List<String> names, List<String> classNames, int[] labels) {
    this.folder = folder;
    this.names = names;
    this.classNames = classNames;
    this.labels = labels;
  }

  static FolderImages open(Path folder) {
    List<String> names = find(folder);
    int[] labels = new int[names.size()];
    Arrays.fill(labels, ClassLabels.NONE);
    return new FolderImages(folder, names, List.of(), labels);
  }

  static FolderImages openWithClasses(Path folder) {
    List<String> names = find(folder);
    List<String> outside = names.stream().filter(name -> name.indexOf('/') < 0).toList();
    if (!outside.isEmpty()) {
      throw new InputException(
          "%s holds images outside any class folder (%s); move each into the subfolder of its class, or set dataset.type to imagefolder."
              .formatted(folder, ClassLabels.list(outside)));
    }
    List<String> classNames =
        names.stream().map(FolderImages::topFolder).distinct().sorted().toList();
    List<String> empty = new ArrayList<>();
    for (Path child : Locations.children(folder)) {
      String name = child.getFileName().toString();
      if (Files.isDirectory(child) && !name.startsWith(".") && !classNames.contains(name)) {
        empty.add(name);
      }
    }
    if (!empty.isEmpty()) {
      throw new InputException(
          "%s has class folders without images (%s); fill or remove them."
              .formatted(folder, ClassLabels.list(empty)));
    }
    int[] labels =
        names.stream()
            .mapToInt(name -> Collections.binarySearch(classNames, topFolder(name)))
            .toArray();
    return new FolderImages(folder, names, classNames, labels);
  }

  private static String topFolder(String name) {
    return name.substring(0, name.indexOf('/'));
  }

  /** The paths of all images below a folder, with '/' on every system, sorted. */
  private static List<String> find(Path folder) {
    Locations.requireFolder(folder);
    List<String> names;
    try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      names =
          files
              .filter(file -> ImageDecoder.reads(file.getFileName().toString()))
              .filter(Files::isRegularFile)
              .map(folder::relativize)
              .filter(FolderImages::isVisible)
              .map(FolderImages::withSlashes)
              .sorted()
              .toList();
    } catch (IOException | UncheckedIOException e) {
      throw Locations.unreadable(folder, e);
    }
    if (names.isEmpty()) {
      throw new InputException(
          "No images were found in %s and its subfolders, where files ending in %s were looked for; correct dataset.location or dataset.type."
              .formatted(folder, ImageDecoder.extensionList()));
    }
    return names;
  }

  private static boolean isVisible(Path relative) {
    return parts(relative).noneMatch(part -> part.startsWith("."));
  }

  private static String withSlashes(Path relative) {
    return String.join("/", parts(relative).toList());
  }

  private static Stream<String> parts(Path path) {
    return StreamSupport.stream(path.spliterator(), false).map(Path::toString);
  }

  @Override
  public int size() {
    return names.size();
  }

  @Override
  public DecodedImage decode(int index) throws CorruptImageException {
    String name = names.get(index);
    byte[] file;
    try {
      file = Files.readAllBytes(folder.resolve(name));
    } catch (IOException e) {
      throw new CorruptImageException(
          name, "the file cannot be read (" + Locations.reason(e) + ")", e);
    }
    return ImageDecoder.decode(name, file);
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public String name(int index) {
    return names.get(index);
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }
}
