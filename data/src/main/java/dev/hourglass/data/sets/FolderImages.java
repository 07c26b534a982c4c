package dev.hourglass.data.sets;

import dev.hourglass.core.InputException;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.image.ImageDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Image files in a folder and its subfolders, sorted by their path below it. Hidden files and
 * folders, whose names begin with a dot, are left out. With classes, the subfolder at the first
 * level is the class; classes are numbered in the order of their names.
 *
 * <p>A folder that holds nothing but {@code train}, {@code test}, {@code val} and the like is a set
 * in parts: {@code train} is read, and its subfolders are the classes.
 */
final class FolderImages implements ImageDataset {

  private final Path folder;
  private final List<String> names;
  private final List<String> classNames;
  private final int[] labels;
  private final SetReport report;

  private FolderImages(
      Path folder, List<String> names, List<String> classNames, int[] labels, SetReport report) {
    this.folder = folder;
    this.names = names;
    this.classNames = classNames;
    this.labels = labels;
    this.report = report;
  }

  static FolderImages open(Path folder) {
    SetReport.Builder report = new SetReport.Builder();
    List<String> found = find(folder, report);
    List<String> names = ofTraining(found, report).orElse(found);
    int[] labels = new int[names.size()];
    Arrays.fill(labels, ClassLabels.NONE);
    return new FolderImages(folder, names, List.of(), labels, report.build());
  }

  static FolderImages openWithClasses(Path folder) {
    SetReport.Builder report = new SetReport.Builder();
    List<String> found = find(folder, report);
    // Classes may be called "train" too: there are folders in a part.
    boolean mayBeInParts =
        found.stream()
            .anyMatch(name -> Part.of(topFolder(name)) == Part.TRAINING && depth(name) > 1);
    Optional<List<String>> training = mayBeInParts ? ofTraining(found, report) : Optional.empty();
    List<String> names = training.orElse(found);
    int classLevel = training.isPresent() ? 1 : 0;
    List<String> outside = names.stream().filter(name -> depth(name) <= classLevel).toList();
    if (!outside.isEmpty()) {
      throw new InputException(
          "%s holds images outside any class folder (%s); move each into the subfolder of its class, or set dataset.type to imagefolder."
              .formatted(folder, ClassLabels.list(outside)));
    }
    List<String> classes = names.stream().map(name -> className(name, classLevel)).toList();
    List<String> classNames = classes.stream().distinct().sorted().toList();
    Set<Path> classFolders =
        names.stream()
            .map(name -> folder.resolve(firstParts(name, classLevel + 1)))
            .collect(Collectors.toSet());
    classFolders.stream()
        .map(Path::getParent)
        .distinct()
        .flatMap(parent -> Locations.children(parent).stream())
        .filter(child -> Files.isDirectory(child) && !classFolders.contains(child))
        .forEach(child -> passOverEmpty(folder, child, report));
    int[] labels =
        classes.stream().mapToInt(name -> Collections.binarySearch(classNames, name)).toArray();
    return new FolderImages(folder, names, classNames, labels, report.build());
  }

  private static void passOverEmpty(Path folder, Path child, SetReport.Builder report) {
    String name = child.getFileName().toString();
    // What cannot be read or loops has been named already.
    if (!Bystanders.isHidden(name)
        && !Bystanders.isJunk(name)
        && Files.isReadable(child)
        && !loops(child)) {
      report.passOver("class folder without images", SetFiles.relative(folder, child) + "/");
    }
  }

  private static boolean loops(Path folder) {
    try {
      return folder.getParent().toRealPath().startsWith(folder.toRealPath());
    } catch (IOException e) {
      return true;
    }
  }

  /** The images of a set in parts that are to be trained on; empty if it is not in parts. */
  private static Optional<List<String>> ofTraining(List<String> names, SetReport.Builder report) {
    Set<String> tops = names.stream().map(FolderImages::topFolder).collect(Collectors.toSet());
    Set<String> training = Part.trainingFolders(tops);
    if (names.isEmpty() || !training.stream().allMatch(top -> Part.of(top) == Part.TRAINING)) {
      return Optional.empty();
    }
    report.note("Images from the folder %s.".formatted(String.join(", ", training)));
    List<String> chosen = new ArrayList<>();
    for (String name : names) {
      if (training.contains(topFolder(name))) {
        chosen.add(name);
      } else {
        report.passOver("not of the training set", name);
      }
    }
    return Optional.of(chosen);
  }

  /** "" for an image that is in no folder. */
  private static String topFolder(String name) {
    return name.substring(0, Math.max(0, name.indexOf('/')));
  }

  /** In how many folders below the location an image lies. */
  private static int depth(String name) {
    return Math.toIntExact(name.chars().filter(c -> c == '/').count());
  }

  private static String firstParts(String name, int count) {
    return String.join("/", List.of(name.split("/")).subList(0, count));
  }

  private static String className(String name, int level) {
    return TextFile.composed(name.split("/")[level]);
  }

  private record Sortable(String composed, String name) {}

  /** The paths of all images below a folder, with '/' on every system, sorted. */
  private static List<String> find(Path folder, SetReport.Builder report) {
    Locations.requireFolder(folder);
    List<String> names =
        ImageTree.find(folder, report).stream()
            .map(name -> new Sortable(TextFile.composed(name), name))
            .sorted(Comparator.comparing(Sortable::composed).thenComparing(Sortable::name))
            .map(Sortable::name)
            .toList();
    if (names.isEmpty()) {
      throw new InputException(
          "No images were found in %s and its subfolders, where files ending in %s were looked for%s%s; correct dataset.location or dataset.type."
              .formatted(
                  folder,
                  ImageDecoder.extensionList(),
                  report.clause(),
                  SetFiles.archivesIn(folder)));
    }
    return names;
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
    } catch (OutOfMemoryError e) {
      throw new CorruptImageException(name, Locations.TOO_LARGE, e);
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

  @Override
  public SetReport report() {
    return report;
  }
}
