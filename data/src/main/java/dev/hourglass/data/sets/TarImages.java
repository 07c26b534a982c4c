package dev.hourglass.data.sets;

import dev.hourglass.core.InputException;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.image.ImageDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Images in tar files ("shards"), as WebDataset lays them out: {@code NAME.png} (or another image
 * ending) and, for sets with classes, {@code NAME.cls} with the number of the class in digits, or
 * {@code NAME.json}. The names of the classes come from {@code classes.txt}, one name a line,
 * beside the shards or in any of them.
 */
final class TarImages implements ImageDataset {

  private static final Pattern TAR = Pattern.compile("(?i).*\\.(tar|tar\\.gz|tgz)");

  private final List<Place> places;
  private final int[] labels;
  private final List<String> classNames;
  private final SetReport report;

  private record Place(TarShard shard, TarSamples.Image image) {

    String name() {
      return shard.name(image.member());
    }

    /** The folder at the top of the tar file that the image is in; "" for none. */
    String topFolder() {
      String name = image.member().name();
      return name.substring(0, Math.max(0, name.indexOf('/')));
    }
  }

  private TarImages(List<Place> places, int[] labels, List<String> classNames, SetReport report) {
    this.places = places;
    this.labels = labels;
    this.classNames = classNames;
    this.report = report;
  }

  /**
   * @param location a folder of tar files, or one tar file
   * @param numClasses how many classes to name at least where the set does not name them
   */
  static TarImages open(Path location, int numClasses) {
    SetReport.Builder report = new SetReport.Builder();
    List<Path> files = SetFiles.find(location, name -> TAR.matcher(name).matches(), report);
    if (files.isEmpty()) {
      throw new InputException(
          "No tar files were found in %s, where *.tar, *.tar.gz and *.tgz were looked for%s%s; correct dataset.location or dataset.type."
              .formatted(location, report.clause(), SetFiles.archivesIn(location)));
    }
    SetFiles.noteChosen(location, files, report);
    List<TarShard> shards =
        files.stream()
            .map(
                file ->
                    TarShard.open(file, SetFiles.relative(location, file), numClasses > 0, report))
            .toList();
    List<Place> places = ofTraining(places(shards, report), report);
    if (places.isEmpty()) {
      throw new InputException(
          "No images were found in the tar files of %s, where entries ending in %s were looked for%s; correct dataset.location."
              .formatted(location, ImageDecoder.extensionList(), report.clause()));
    }
    List<String> given = classNames(location, files, shards);
    int[] labels = labels(places, given);
    return new TarImages(
        places, labels, classNames(places, labels, given, numClasses, report), report.build());
  }

  private static List<Place> places(List<TarShard> shards, SetReport.Builder report) {
    List<Place> places = new ArrayList<>();
    for (TarShard shard : shards) {
      shard.images().forEach(image -> places.add(new Place(shard, image)));
      if (shard.images().isEmpty()) {
        report.passOver("tar file without images", shard.name());
      }
    }
    return places;
  }

  /** Of files that hold folders {@code train}, {@code test} and the like, what is in the first. */
  private static List<Place> ofTraining(List<Place> places, SetReport.Builder report) {
    Set<String> tops = places.stream().map(Place::topFolder).collect(Collectors.toSet());
    Set<String> chosen = Part.trainingFolders(tops);
    places.stream()
        .filter(place -> !chosen.contains(place.topFolder()))
        .forEach(place -> report.passOver("not of the training set", place.name()));
    return places.stream().filter(place -> chosen.contains(place.topFolder())).toList();
  }

  /** In {@code classes.txt} beside the first tar file, else in the first that has it. */
  private static List<String> classNames(Path location, List<Path> files, List<TarShard> shards) {
    List<String> names =
        Files.isDirectory(location) ? ClassLabels.namesBeside(location) : List.of();
    if (names.isEmpty()) {
      names = ClassLabels.namesBeside(files.getFirst().toAbsolutePath().getParent());
    }
    for (TarShard shard : shards) {
      names = names.isEmpty() ? shard.classNames() : names;
    }
    return names;
  }

  private static int[] labels(List<Place> places, List<String> names) {
    int[] labels =
        places.stream()
            .mapToInt(
                place -> place.image.label().map(label -> label.in(names)).orElse(ClassLabels.NONE))
            .toArray();
    long missing = Arrays.stream(labels).filter(label -> label == ClassLabels.NONE).count();
    if (missing > 0 && missing < labels.length) {
      throw new InputException(
          "%d of %d images have no label, %s among them; add a .cls entry for each image, or for none."
              .formatted(
                  missing,
                  labels.length,
                  places.get(firstIndexOf(labels, ClassLabels.NONE)).name()));
    }
    return labels;
  }

  private static List<String> classNames(
      List<Place> places,
      int[] labels,
      List<String> given,
      int numClasses,
      SetReport.Builder report) {
    int highest = Arrays.stream(labels).max().orElse(ClassLabels.NONE);
    if (highest == ClassLabels.NONE) {
      return List.of();
    }
    String where = places.get(firstIndexOf(labels, highest)).name();
    List<String> names = ClassLabels.namesFor(given, numClasses, highest, where);
    ClassLabels.reportUnused(Arrays.stream(labels), names, report);
    return names;
  }

  private static int firstIndexOf(int[] labels, int label) {
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] == label) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public int size() {
    return places.size();
  }

  @Override
  public DecodedImage decode(int index) throws CorruptImageException {
    Place place = places.get(index);
    return place.shard.decode(place.image.member());
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public String name(int index) {
    return places.get(index).name();
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public SetReport report() {
    return report;
  }

  @Override
  public String howToLabel() {
    return "put an entry NAME.cls with the number of the class, or NAME.json with {\"label\":"
        + " number}, beside each image";
  }
}
