package dev.hourglass.data.sets;

import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.image.ImageDecoder;
import dev.hourglass.data.tar.TarBytes;
import dev.hourglass.data.tar.TarMember;
import dev.hourglass.data.tar.TarName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One tar file: where its images lie, and the labels beside them.
 *
 * @param name what to call it
 * @param classNames in the entry {@code classes.txt}; empty without one
 */
record TarShard(
    String name, TarBytes bytes, List<TarSamples.Image> images, List<String> classNames) {

  /**
   * Reads the index of a tar file.
   *
   * @param name what to call it
   * @param readsJson whether {@code .json} may hold labels
   * @throws dev.hourglass.core.InputException if it is damaged or no tar file
   */
  static TarShard open(Path path, String name, boolean readsJson, SetReport.Builder report) {
    TarBytes bytes =
        Locations.isPacked(path)
            ? TarBytes.unpacked(path, Locations.read(path))
            : TarBytes.onDisk(path);
    try (TarBytes.Reader reader = bytes.open()) {
      Opening opening = new Opening(path, name, readsJson, report, reader);
      for (TarMember member : TarIndex.of(path, reader, name, report)) {
        opening.add(member);
      }
      opening
          .samples
          .asides()
          .forEach(
              member ->
                  report.passOver(
                      "beside the image of the same sample", name + "#" + member.name()));
      return new TarShard(name, bytes, opening.samples.images(), opening.classNames);
    } catch (IOException e) {
      throw Locations.unreadable(path, e);
    }
  }

  /** Sorts the entries of a file by what they are. */
  private static final class Opening {

    private final Path path;
    private final String shard;
    private final boolean readsJson;
    private final SetReport.Builder report;
    private final TarBytes.Reader reader;
    private final TarSamples samples = new TarSamples();
    private List<String> classNames = List.of();

    Opening(
        Path path,
        String shard,
        boolean readsJson,
        SetReport.Builder report,
        TarBytes.Reader reader) {
      this.path = path;
      this.shard = shard;
      this.readsJson = readsJson;
      this.report = report;
      this.reader = reader;
    }

    void add(TarMember member) throws IOException {
      List<String> parts = Arrays.asList(member.name().split("/"));
      if (parts.stream().anyMatch(Bystanders::isHidden)) {
        return;
      }
      if (parts.stream().anyMatch(Bystanders::isJunk)) {
        report.passOver(Bystanders.JUNK, shard + "#" + member.name());
        return;
      }
      TarName name = TarName.of(member.name());
      Optional<String> labelEnding = name.labelEnding();
      if (ImageDecoder.reads(member.name())) {
        samples.addImage(member, name);
      } else if (parts.getLast().equals(ClassLabels.FILE_NAME)) {
        classNames = ClassLabels.names(TextFile.decode(member.read(reader)));
      } else if (labelEnding.isPresent()) {
        label(member, labelEnding.get())
            .ifPresent(label -> samples.addLabel(member, name, labelEnding.get(), label));
      } else {
        Bystanders.passOver(shard + "#" + member.name(), report);
      }
    }

    private Optional<Label> label(TarMember member, String ending) throws IOException {
      String where = path + "#" + member.name();
      if (!ending.equals("json")) {
        return Optional.of(Label.ofText(member.read(reader), where));
      }
      return readsJson ? Label.ofJson(member.read(reader), where) : Optional.empty();
    }
  }

  /** What to call an image: {@code file#entry}. */
  String name(TarMember member) {
    return name + "#" + member.name();
  }

  DecodedImage decode(TarMember member) throws CorruptImageException {
    byte[] file;
    try {
      // Opened each time: sets of thousands of shards would use up the open files of a process.
      file = member.read(bytes);
    } catch (IOException e) {
      throw new CorruptImageException(
          name(member), "the tar file cannot be read (" + Locations.reason(e) + ")", e);
    } catch (OutOfMemoryError e) {
      throw new CorruptImageException(name(member), Locations.TOO_LARGE, e);
    }
    return ImageDecoder.decode(name(member), file);
  }
}
