package dev.hourglass.data.sets;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.WriteFailure;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.image.ImageDecoder;
import dev.hourglass.data.parquet.ParquetFile;
import dev.hourglass.data.parquet.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Images in Parquet files in the layout of the Hugging Face hub. When the set is opened the encoded
 * images are copied to a temporary file, from which they are read in any order.
 */
final class ParquetImages implements ImageDataset {

  private final Spool spool;
  private final List<FilePart> parts;
  private final int[] labels;
  private final List<String> classNames;
  private final SetReport report;

  /** A file, and the number of its first image. */
  private record FilePart(String name, int first) {}

  private ParquetImages(
      Spool spool, List<FilePart> parts, int[] labels, List<String> classNames, SetReport report) {
    this.spool = spool;
    this.parts = parts;
    this.labels = labels;
    this.classNames = classNames;
    this.report = report;
  }

  /**
   * @param location a folder of Parquet files, or one
   * @param numClasses how many classes to name at least where the files name none
   */
  static ParquetImages open(Path location, int numClasses) {
    SetReport.Builder report = new SetReport.Builder();
    List<Path> files =
        SetFiles.find(location, name -> name.toLowerCase(Locale.ROOT).endsWith(".parquet"), report);
    if (files.isEmpty()) {
      throw new InputException(
          "No Parquet files were found in %s%s%s; correct dataset.location."
              .formatted(location, report.clause(), SetFiles.archivesIn(location)));
    }
    SetFiles.noteChosen(location, files, report);
    Spool spool = Spool.create();
    try {
      return read(location, files, numClasses, spool, report);
    } catch (IOException e) {
      spool.close();
      throw WriteFailure.of(
          "Cannot copy the images of %s to a temporary file".formatted(location), spool.path(), e);
    } catch (RuntimeException | Error e) {
      spool.close();
      throw e;
    }
  }

  private static ParquetImages read(
      Path location, List<Path> files, int numClasses, Spool spool, SetReport.Builder report)
      throws IOException {
    List<FilePart> parts = new ArrayList<>();
    List<String> given = ClassLabels.namesBeside(files.getFirst().toAbsolutePath().getParent());
    int[] labels = new int[0];
    for (Path path : files) {
      try (ParquetFile file = ParquetFile.open(path)) {
        parts.add(new FilePart(SetFiles.relative(location, path), labels.length));
        int before = labels.length;
        int[] more = file.labels();
        labels = Arrays.copyOf(labels, before + more.length);
        System.arraycopy(more, 0, labels, before, more.length);
        given = given.isEmpty() ? file.classNames() : given;
        file.images(spool::add);
      }
    }
    spool.flush();
    if (labels.length == 0) {
      throw new InputException(
          "The Parquet files of %s have no rows; correct dataset.location.".formatted(location));
    }
    report.note(
        "%,d MB of images were copied to a temporary file in %s."
            .formatted(spool.bytes() / 1_000_000, spool.path().getParent()));
    requireAllOrNone(location, labels);
    List<String> names = classNames(location, labels, given, numClasses, report);
    return new ParquetImages(spool, parts, labels, names, report.build());
  }

  private static void requireAllOrNone(Path location, int[] labels) {
    long missing = Arrays.stream(labels).filter(label -> label == ClassLabels.NONE).count();
    if (missing > 0 && missing < labels.length) {
      throw new InputException(
          "%d of the %d images in %s have no label; give files in which all have one, or none."
              .formatted(missing, labels.length, location));
    }
  }

  private static List<String> classNames(
      Path location, int[] labels, List<String> given, int numClasses, SetReport.Builder report) {
    int highest = Arrays.stream(labels).max().orElse(ClassLabels.NONE);
    if (highest == ClassLabels.NONE) {
      return List.of();
    }
    List<String> names = ClassLabels.namesFor(given, numClasses, highest, location.toString());
    ClassLabels.reportUnused(Arrays.stream(labels), names, report);
    return names;
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public DecodedImage decode(int index) throws CorruptImageException {
    byte[] file;
    try {
      file = spool.read(index);
    } catch (IOException e) {
      throw new CorruptImageException(
          name(index), "the temporary file cannot be read (" + Locations.reason(e) + ")", e);
    } catch (OutOfMemoryError e) {
      throw new CorruptImageException(name(index), Locations.TOO_LARGE, e);
    }
    if (file.length == 0) {
      throw new CorruptImageException(name(index), "the row has no image");
    }
    return ImageDecoder.decode(name(index), file);
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  /** {@code file#row}, from 0. */
  @Override
  public String name(int index) {
    int i = parts.size() - 1;
    while (parts.get(i).first > index) {
      i--;
    }
    return parts.get(i).name + "#" + (index - parts.get(i).first);
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
    return "give Parquet files with a column label of whole numbers";
  }

  @Override
  public void close() {
    spool.close();
  }
}
