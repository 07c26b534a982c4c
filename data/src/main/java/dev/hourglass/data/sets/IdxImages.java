package dev.hourglass.data.sets;

import dev.hourglass.core.InputException;
import dev.hourglass.data.image.DecodedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Images in the idx format of MNIST, Fashion-MNIST and their kin: {@code train-images-idx3-ubyte}
 * with {@code train-labels-idx1-ubyte} beside it, packed with gzip or not. Gray, [count, height,
 * width], or with a fourth dimension of 1 or 3 channels. Kept in memory whole.
 */
final class IdxImages implements ImageDataset {

  private static final Pattern IMAGES_NAME =
      Pattern.compile("(?i)(.*)images([-.])idx[34]-ubyte(?:\\.gz)?");

  private final String fileName;
  private final IdxFile images;
  private final int channels;
  private final byte[] labels;
  private final List<String> classNames;
  private final SetReport report;

  private IdxImages(
      IdxFile images, Optional<IdxFile> labels, int numClasses, SetReport.Builder report) {
    this.fileName = images.path().getFileName().toString();
    this.images = images;
    this.channels = channels(images);
    if (labels.isEmpty()) {
      this.labels = new byte[0];
      this.classNames = List.of();
    } else {
      requireLabels(labels.get(), images);
      this.labels = labels.get().bytes(0, size());
      this.classNames = classNames(labels.get().path(), numClasses, report);
    }
    this.report = report.build();
  }

  private static int channels(IdxFile images) {
    int[] shape = images.shape();
    int channels = shape.length == 3 ? 1 : shape.length == 4 ? shape[3] : 0;
    if (channels != 1 && channels != 3) {
      throw new InputException(
          "%s is no idx file of images: it holds %s bytes, where count x height x width are needed, or x 3 for colours; check the file."
              .formatted(images.path(), images.shapeText()));
    }
    if (shape[0] < 1 || shape[1] < 1 || shape[2] < 1) {
      throw new InputException(
          "%s says it holds %d images of %d x %d pixels; choose a file with images in it."
              .formatted(images.path(), shape[0], shape[1], shape[2]));
    }
    return channels;
  }

  private static void requireLabels(IdxFile labels, IdxFile images) {
    if (labels.shape().length != 1) {
      throw new InputException(
          "%s is no idx file of labels: it holds %s bytes, where one for each image is needed; check the file."
              .formatted(labels.path(), labels.shapeText()));
    }
    if (labels.shape()[0] != images.shape()[0]) {
      throw new InputException(
          "%s holds %d labels for the %d images of %s; use files of the same set."
              .formatted(
                  labels.path(),
                  labels.shape()[0],
                  images.shape()[0],
                  images.path().getFileName()));
    }
  }

  /** From {@code classes.txt} beside the labels, or plain numbers. */
  private List<String> classNames(Path labelsFile, int numClasses, SetReport.Builder report) {
    int highest = IntStream.range(0, size()).map(this::label).max().orElseThrow();
    List<String> names =
        ClassLabels.namesFor(
            ClassLabels.namesBeside(labelsFile.toAbsolutePath().getParent()),
            numClasses,
            highest,
            labelsFile.toString());
    ClassLabels.reportUnused(IntStream.range(0, size()).map(this::label), names, report);
    return names;
  }

  /**
   * @param location the file of images, or a folder with it in
   * @param numClasses how many classes to name at least
   */
  static IdxImages open(Path location, int numClasses) {
    SetReport.Builder report = new SetReport.Builder();
    List<Path> files = SetFiles.find(location, name -> IMAGES_NAME.matcher(name).matches(), report);
    if (files.isEmpty()) {
      throw new InputException(
          "No idx images were found in %s, where train-images-idx3-ubyte, t10k-images-idx3-ubyte or either with .gz were looked for%s%s; correct dataset.location."
              .formatted(location, report.clause(), SetFiles.archivesIn(location)));
    }
    if (files.size() > 1) {
      throw new InputException(
          "%s holds several sets (%s); give the path of one of these files as dataset.location."
              .formatted(
                  location,
                  ClassLabels.list(
                      files.stream().map(file -> SetFiles.relative(location, file)).toList())));
    }
    Path file = files.getFirst();
    Optional<Path> labels = labelsOf(file);
    SetFiles.noteChosen(location, files, report);
    report.note(
        labels
            .map(path -> "Labels from %s.".formatted(SetFiles.relative(location, path)))
            .orElse("There is no file of labels beside it."));
    return new IdxImages(IdxFile.read(file), labels.map(IdxFile::read), numClasses, report);
  }

  private static Optional<Path> labelsOf(Path imagesFile) {
    Matcher name = IMAGES_NAME.matcher(imagesFile.getFileName().toString());
    if (!name.matches()) {
      return Optional.empty();
    }
    String other = name.group(2).equals("-") ? "." : "-";
    return Stream.of(name.group(2), other)
        .map(dash -> name.group(1) + "labels" + dash + "idx1-ubyte")
        .flatMap(labels -> Stream.of(labels, labels + ".gz"))
        .map(imagesFile::resolveSibling)
        .filter(Files::exists)
        .findFirst();
  }

  @Override
  public int size() {
    return images.shape()[0];
  }

  @Override
  public DecodedImage decode(int index) {
    int height = images.shape()[1];
    int width = images.shape()[2];
    int length = height * width * channels;
    return new DecodedImage(height, width, channels, images.bytes(index * length, length));
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

  @Override
  public SetReport report() {
    return report;
  }
}
