package dev.hourglass.data;

import dev.hourglass.InputException;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.image.ImageDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Images in tar files ("shards"), as WebDataset lays them out: {@code NAME.png} (or another image
 * ending) and, for sets with classes, {@code NAME.cls} with the number of the class in ASCII. The
 * names of the classes come from {@code classes.txt}, one name a line, beside the shards or in any
 * of them.
 */
final class TarImages implements ImageDataset {

  private final List<Place> places;
  private final int[] labels;
  private final List<String> classNames;

  private record Place(TarShard shard, TarShard.Image image) {

    String name() {
      return shard.name(image);
    }
  }

  private TarImages(List<Place> places, int[] labels, List<String> classNames) {
    this.places = places;
    this.labels = labels;
    this.classNames = classNames;
  }

  /**
   * @param location a folder of tar files, or one tar file
   * @param numClasses how many classes to name at least where the set does not name them
   */
  static TarImages open(Path location, int numClasses) {
    Locations.requireExists(location);
    boolean isFolder = Files.isDirectory(location);
    List<TarShard> shards =
        (isFolder ? find(location) : List.of(location)).stream().map(TarShard::open).toList();
    List<Place> places = new ArrayList<>();
    for (TarShard shard : shards) {
      shard.images().forEach(image -> places.add(new Place(shard, image)));
    }
    if (places.isEmpty()) {
      throw new InputException(
          "No images were found in the tar files of %s, where entries ending in %s were looked for; correct dataset.location."
              .formatted(location, ImageDecoder.extensionList()));
    }
    int[] labels = places.stream().mapToInt(place -> place.shard.label(place.image)).toArray();
    Path folder = isFolder ? location : location.toAbsolutePath().getParent();
    return new TarImages(places, labels, classNames(folder, shards, places, labels, numClasses));
  }

  private static List<Path> find(Path folder) {
    List<Path> paths =
        Locations.children(folder).stream()
            .filter(file -> file.getFileName().toString().matches("[^.].*\\.(tar|tar\\.gz|tgz)"))
            .toList();
    if (paths.isEmpty()) {
      throw new InputException(
          "No tar files were found in %s, where *.tar, *.tar.gz and *.tgz were looked for; correct dataset.location or dataset.type."
              .formatted(folder));
    }
    return paths;
  }

  private static List<String> classNames(
      Path folder, List<TarShard> shards, List<Place> places, int[] labels, int numClasses) {
    int highest = Arrays.stream(labels).max().orElse(ClassLabels.NONE);
    if (highest == ClassLabels.NONE) {
      return List.of();
    }
    int unlabelled = firstIndexOf(labels, ClassLabels.NONE);
    if (unlabelled >= 0) {
      throw new InputException(
          "%d of %d images have no label, %s among them; add a .cls entry for each image, or for none."
              .formatted(
                  Arrays.stream(labels).filter(label -> label == ClassLabels.NONE).count(),
                  labels.length,
                  places.get(unlabelled).name()));
    }
    List<String> names = ClassLabels.namesBeside(folder);
    for (TarShard shard : shards) {
      names = names.isEmpty() ? shard.classNames() : names;
    }
    if (names.isEmpty()) {
      return ClassLabels.numbers(numClasses, highest);
    }
    if (highest >= names.size()) {
      throw new InputException(
          "%s has the label %d, but classes.txt names %d classes, from 0 on; add the missing names."
              .formatted(places.get(firstIndexOf(labels, highest)).name(), highest, names.size()));
    }
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
    return place.shard.decode(place.image);
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
}
