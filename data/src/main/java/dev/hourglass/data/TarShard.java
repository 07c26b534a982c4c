package dev.hourglass.data;

import dev.hourglass.InputException;
import dev.hourglass.data.image.CorruptImageException;
import dev.hourglass.data.image.DecodedImage;
import dev.hourglass.data.image.ImageDecoder;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/**
 * The index of one tar file: where its images lie, and the labels beside them. The images of a
 * plain file are read from the disk when they are asked for; a packed file is kept in memory.
 */
final class TarShard {

  private static final String LABEL_ENDING = "cls";

  private final Path path;

  /** The unpacked file; null if it is plain and stays on the disk. */
  private final byte[] content;

  private final List<Image> images = new ArrayList<>();
  private final Map<String, Integer> labels = new HashMap<>();
  private List<String> classNames = List.of();

  /** One image's entry: its name in the tar file and where its bytes are. */
  record Image(String entry, long offset, int size) {}

  private TarShard(Path path, byte[] content) {
    this.path = path;
    this.content = content;
  }

  /**
   * Reads the index of a tar file.
   *
   * @throws InputException if it is damaged or no tar file
   */
  static TarShard open(Path path) {
    TarShard shard = new TarShard(path, Locations.isPacked(path) ? Locations.read(path) : null);
    try (TarFile tar = shard.content == null ? new TarFile(path) : new TarFile(shard.content)) {
      long length = shard.content == null ? Files.size(path) : shard.content.length;
      for (TarArchiveEntry entry : tar.getEntries()) {
        if (entry.isFile() && !entry.isSparse()) {
          if (entry.getDataOffset() + entry.getSize() > length) {
            throw new EOFException("it ends within " + entry.getName());
          }
          shard.add(tar, entry);
        }
      }
    } catch (InputException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new InputException(
          "%s is damaged or no tar file (%s); fetch or make it again."
              .formatted(path, Locations.reason(e)),
          e);
    }
    return shard;
  }

  private void add(TarFile tar, TarArchiveEntry entry) throws IOException {
    String name = entry.getName().replaceFirst("^(\\./)+", "");
    if (Arrays.stream(name.split("/")).anyMatch(part -> part.startsWith("."))) {
      return;
    }
    if (ImageDecoder.reads(name)) {
      images.add(new Image(name, entry.getDataOffset(), Math.toIntExact(entry.getSize())));
    } else if (ImageDecoder.extension(name).equals(LABEL_ENDING)) {
      labels.put(stem(name), label(name, text(tar, entry)));
    } else if (name.equals(ClassLabels.FILE_NAME) || name.endsWith("/" + ClassLabels.FILE_NAME)) {
      classNames = ClassLabels.names(text(tar, entry));
    }
  }

  private static String text(TarFile tar, TarArchiveEntry entry) throws IOException {
    try (InputStream bytes = tar.getInputStream(entry)) {
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private int label(String name, String text) {
    try {
      return Integer.parseUnsignedInt(text.strip());
    } catch (NumberFormatException e) {
      throw new InputException(
          "%s#%s should hold the number of a class, but holds \"%s\"; write 0, 1, 2 and so on."
              .formatted(path, name, text.strip()),
          e);
    }
  }

  private static String stem(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }

  List<Image> images() {
    return images;
  }

  /** The label beside an image; -1 without one. */
  int label(Image image) {
    return labels.getOrDefault(stem(image.entry), ClassLabels.NONE);
  }

  /** The names in the entry {@code classes.txt}; empty without one. */
  List<String> classNames() {
    return classNames;
  }

  /** What to call an image: {@code file#entry}. */
  String name(Image image) {
    return path.getFileName() + "#" + image.entry;
  }

  DecodedImage decode(Image image) throws CorruptImageException {
    byte[] file = new byte[image.size];
    if (content != null) {
      System.arraycopy(content, Math.toIntExact(image.offset), file, 0, image.size);
    } else {
      // Opened each time: sets of thousands of shards would use up the open files of a process.
      try (FileChannel channel = FileChannel.open(path)) {
        ByteBuffer buffer = ByteBuffer.wrap(file);
        while (buffer.hasRemaining()) {
          if (channel.read(buffer, image.offset + buffer.position()) < 0) {
            throw new EOFException("the tar file has become shorter");
          }
        }
      } catch (IOException e) {
        throw new CorruptImageException(
            name(image), "the tar file cannot be read (" + Locations.reason(e) + ")", e);
      }
    }
    return ImageDecoder.decode(name(image), file);
  }
}
