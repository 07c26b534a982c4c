package dev.hourglass.torchfile;

import dev.hourglass.core.InputException;
import dev.hourglass.safetensors.TensorNames;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * The zip archive that {@code torch.save} writes: in one folder of any name {@code data.pkl}, the
 * pickle, {@code data/KEY}, the storages, and small notes. All are stored uncompressed, so they are
 * used where they lie in the mapped file.
 */
final class TorchArchive {

  private static final String PICKLE = "/data.pkl";
  private static final MemorySegment BIG_ENDIAN =
      MemorySegment.ofArray("big".getBytes(StandardCharsets.US_ASCII));

  /** Far above the pickles of real checkpoints, which hold names and sizes only. */
  private static final int MAX_PICKLE_BYTES = 64 << 20;

  private final Path file;
  private final MemorySegment content;
  private final Map<String, MemorySegment> entries = new HashMap<>();
  private final String folder;

  /** Maps a file and reads the directory of the archive. */
  TorchArchive(Path file, Arena arena) {
    this.file = file;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      readDirectory();
    } catch (IOException e) {
      throw new InputException(
          "%s is damaged: it is no whole zip archive (%s); copy or download it again."
              .formatted(file, firstLine(e)),
          e);
    }
    folder =
        entries.keySet().stream()
            .filter(name -> name.indexOf('/') == name.length() - PICKLE.length())
            .filter(name -> name.endsWith(PICKLE))
            .map(name -> name.substring(0, name.length() - PICKLE.length()))
            .findFirst()
            .orElseThrow(() -> damaged("there is no pickle data.pkl in it"));
    requireLittleEndian();
  }

  private void readDirectory() throws IOException {
    try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        if (entries.put(entry.getName(), bytes(entry)) != null) {
          throw damaged("there are two of the entry " + TensorNames.quote(entry.getName()));
        }
      }
    } catch (InputException e) {
      throw e;
    } catch (RuntimeException e) { // The library's checks of a damaged directory are not complete.
      throw damaged(firstLine(e));
    }
  }

  private MemorySegment bytes(ZipArchiveEntry entry) {
    if (entry.getMethod() != ZipEntry.STORED || entry.getGeneralPurposeBit().usesEncryption()) {
      throw new InputException(
          "%s: its entry %s is compressed, which those of PyTorch's checkpoints are not; let PyTorch load it and write it again with torch.save."
              .formatted(file, TensorNames.quote(entry.getName())));
    }
    long offset = entry.getDataOffset();
    long size = entry.getSize();
    if (offset < 0 || size < 0 || offset > content.byteSize() - size) {
      throw damaged(
          "the entry %s lies beyond its end".formatted(TensorNames.quote(entry.getName())));
    }
    return content.asSlice(offset, size);
  }

  private void requireLittleEndian() {
    MemorySegment order = entries.get(folder + "/byteorder");
    if (order != null && order.mismatch(BIG_ENDIAN) < 0) {
      throw new InputException(
          "%s was written on a machine with big-endian numbers; write it again on another one."
              .formatted(file));
    }
  }

  ByteBuffer pickle() {
    MemorySegment pickle = entries.get(folder + PICKLE);
    if (pickle.byteSize() > MAX_PICKLE_BYTES) {
      throw new InputException(
          "%s: its pickle has %d bytes, far more than a checkpoint needs; it is not read."
              .formatted(file, pickle.byteSize()));
    }
    return pickle.asByteBuffer();
  }

  /**
   * The bytes of a storage.
   *
   * @throws InputException if it is not there, or of another size
   */
  MemorySegment bytes(Storage storage) {
    MemorySegment bytes = entries.get("%s/data/%s".formatted(folder, storage.key()));
    if (bytes == null) {
      throw damaged("the storage %s is missing".formatted(TensorNames.quote(storage.key())));
    }
    if (bytes.byteSize() != storage.bytes()) {
      throw damaged(
          "the storage %s has %d bytes instead of %d"
              .formatted(TensorNames.quote(storage.key()), bytes.byteSize(), storage.bytes()));
    }
    return bytes;
  }

  private InputException damaged(String reason) {
    return new InputException(
        "%s is damaged: %s; copy or download it again.".formatted(file, reason));
  }

  private static String firstLine(Exception e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message.lines().findFirst().orElse("");
  }
}
