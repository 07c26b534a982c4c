package dev.hourglass.data.sets;

import dev.hourglass.core.InputException;
import dev.hourglass.data.image.DecodedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** CIFAR-10 or CIFAR-100 in their binary forms. Kept in memory whole. */
final class CifarImages implements ImageDataset {

  private final List<BatchFile> files;
  private final int size;
  private final List<String> classNames;
  private final SetReport report;

  /** One file in memory, and the index of its first image. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record BatchFile(String name, CifarForm form, byte[] content, int first) {}

  private CifarImages(List<BatchFile> files, int size, List<String> classNames, SetReport report) {
    this.files = files;
    this.size = size;
    this.classNames = classNames;
    this.report = report;
  }

  /**
   * @param location the folder of the files, or one above it, or a file
   */
  static CifarImages open(Path location) {
    SetReport.Builder report = new SetReport.Builder();
    List<Path> paths =
        SetFiles.find(
            location,
            name -> Stream.of(CifarForm.values()).anyMatch(form -> form.isFile(name)),
            report);
    if (paths.isEmpty()) {
      throw new InputException(
          "No CIFAR images were found in %s, where data_batch_*.bin (CIFAR-10) and train.bin (CIFAR-100) were looked for%s; %s."
              .formatted(
                  location,
                  report.clause() + SetFiles.archivesIn(location),
                  "get the binary version, cifar-10-binary.tar.gz, and unpack it there"
                      + (isForPython(location) ? ": this is the one for Python" : "")));
    }
    Path folder = requireOneSet(location, paths);
    SetFiles.noteChosen(location, paths, report);
    CifarForm form = CifarForm.of(paths.getFirst());
    List<BatchFile> files = new ArrayList<>();
    int size = 0;
    for (Path path : paths) {
      byte[] content = Locations.read(path);
      form.check(path, content);
      files.add(new BatchFile(SetFiles.relative(folder, path), form, content, size));
      size += content.length / form.recordBytes();
    }
    List<String> classNames = form.classNames(folder);
    IntStream labels =
        files.stream()
            .flatMapToInt(
                file ->
                    IntStream.range(0, file.content.length / form.recordBytes())
                        .map(i -> form.label(file.content, i)));
    ClassLabels.reportUnused(labels, classNames, report);
    return new CifarImages(files, size, classNames, report.build());
  }

  private static boolean isForPython(Path location) {
    return Locations.children(location).stream()
        .map(file -> file.getFileName().toString())
        .anyMatch(
            name ->
                name.matches("(?i)data_batch_\\d|batches\\.meta|cifar-100?-(batches-py|python)"));
  }

  /** The folder that all files are in. */
  private static Path requireOneSet(Path location, List<Path> paths) {
    List<String> sets =
        paths.stream()
            .map(path -> path.resolveSibling(CifarForm.of(path).title()))
            .distinct()
            .map(set -> SetFiles.relative(location, set))
            .toList();
    if (sets.size() > 1) {
      throw new InputException(
          "%s holds several sets (%s); give the folder of one as dataset.location."
              .formatted(location, ClassLabels.list(sets)));
    }
    return paths.getFirst().toAbsolutePath().getParent();
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
    return file.form.image(file.content, index - file.first);
  }

  @Override
  public int label(int index) {
    BatchFile file = fileOf(index);
    return file.form.label(file.content, index - file.first);
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

  @Override
  public SetReport report() {
    return report;
  }
}
