package dev.hourglass.evaluation.store;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.WriteFailure;
import dev.hourglass.evaluation.FeatureSet;
import dev.hourglass.safetensors.DType;
import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.safetensors.SafetensorsWriter;
import dev.hourglass.safetensors.TensorData;
import dev.hourglass.tensor.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.bytedeco.pytorch.Tensor;

/**
 * A folder of features that were computed before. Files are whole or absent, and carry a checksum:
 * one that is damaged counts as absent.
 */
public record FeatureCache(Path folder) {

  private static final String KEY = "features_of";
  private static final String CHECKSUM = "crc32c";
  private static final String FEATURES = "features";
  private static final String LOGITS = "logits";
  private static final String IMAGES = "images";
  private static final int CHUNK_BYTES = 1 << 20;

  /** Where the user's caches are: below {@code XDG_CACHE_HOME}, or {@code ~/.cache}. */
  public static FeatureCache ofUser() {
    String given = System.getenv("XDG_CACHE_HOME");
    Path caches =
        given == null || given.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(given);
    return new FeatureCache(caches.resolve("hourglass").resolve("features"));
  }

  /**
   * The file of some features, there or not.
   *
   * @param key all that they depend on
   */
  public Path file(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return folder.resolve(HexFormat.of().formatHex(digest, 0, 16) + ".safetensors");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Features, if they are there and whole; the caller closes them. */
  public Optional<NumberedFeatures> find(String key) {
    Path path = file(key);
    if (!Files.isRegularFile(path)) {
      return Optional.empty();
    }
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      long[] images = file.longs(IMAGES);
      MemorySegment features = file.bytes(FEATURES);
      Optional<MemorySegment> logits =
          file.names().contains(LOGITS) ? Optional.of(file.bytes(LOGITS)) : Optional.empty();
      boolean whole =
          key.equals(file.metadata().get(KEY))
              && checksum(images, features, logits).equals(file.metadata().get(CHECKSUM));
      return whole
          ? Optional.of(
              new NumberedFeatures(images, FeatureSet.copyOf(images.length, features, logits)))
          : Optional.empty();
    } catch (InputException e) {
      return Optional.empty(); // Damaged: computed again, and written over.
    }
  }

  /** Keeps features. */
  public void put(String key, NumberedFeatures numbered) {
    FeatureSet set = numbered.features();
    List<TensorData> tensors = new ArrayList<>();
    tensors.add(
        TensorData.of(
            IMAGES,
            DType.I64,
            new long[] {numbered.images().length},
            MemorySegment.ofArray(numbered.images())));
    tensors.add(tensor(FEATURES, set.features()));
    set.logits().ifPresent(logits -> tensors.add(tensor(LOGITS, logits)));
    SafetensorsWriter.write(
        file(key),
        tensors,
        Map.of(
            KEY,
            key,
            CHECKSUM,
            checksum(
                numbered.images(),
                Tensors.bytes(set.features()),
                set.logits().map(Tensors::bytes))));
  }

  /**
   * Waits until no other process computes the same features, and keeps others from it until closed.
   *
   * @throws InputException if the folder cannot be written to
   */
  public Lock lock(String key) {
    Path path = file(key).resolveSibling(file(key).getFileName() + ".lock");
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      channel.lock();
      return new Lock(channel);
    } catch (IOException e) {
      throw WriteFailure.of(path, e);
    }
  }

  /** Held by one process at a time. */
  public record Lock(FileChannel channel) implements AutoCloseable {

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static TensorData tensor(String name, Tensor tensor) {
    return TensorData.of(name, DType.F64, Tensors.shape(tensor), Tensors.bytes(tensor));
  }

  private static String checksum(
      long[] images, MemorySegment features, Optional<MemorySegment> logits) {
    CRC32C sum = new CRC32C();
    update(sum, MemorySegment.ofArray(images));
    update(sum, features);
    logits.ifPresent(bytes -> update(sum, bytes));
    return Long.toHexString(sum.getValue());
  }

  /** In pieces: a buffer has at most 2 GiB. */
  private static void update(CRC32C sum, MemorySegment bytes) {
    for (long from = 0; from < bytes.byteSize(); from += CHUNK_BYTES) {
      long length = Math.min(CHUNK_BYTES, bytes.byteSize() - from);
      sum.update(bytes.asSlice(from, length).toArray(ValueLayout.JAVA_BYTE));
    }
  }
}
