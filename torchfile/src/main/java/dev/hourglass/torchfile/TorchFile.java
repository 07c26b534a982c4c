package dev.hourglass.torchfile;

import dev.hourglass.core.InputException;
import dev.hourglass.safetensors.TensorData;
import dev.hourglass.safetensors.TensorFile;
import dev.hourglass.safetensors.TensorNames;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A checkpoint written by {@code torch.save}: a dictionary. Its tensors bear the names of their
 * keys; those of a dictionary of tensors in it, such as the state dict {@code model_ema}, the names
 * {@code model_ema.KEY}. What is plain numbers, text and lists is metadata, as JSON; the rest, such
 * as an optimiser's state, is left out.
 *
 * <p>Nothing in such a file is run, see {@link Unpickler}. The tensors are mapped and read only
 * where they are used.
 */
public final class TorchFile implements TensorFile {

  private final Path path;
  private final Arena arena;
  private final TorchArchive archive;
  private final Map<String, TorchTensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private TorchFile(Path path, Arena arena) {
    this.path = path;
    this.arena = arena;
    this.archive = new TorchArchive(path, arena);
  }

  /**
   * Opens a file and checks all that it holds but the numbers in its tensors.
   *
   * @throws InputException if the file cannot be read, is damaged, is no dictionary, or refers to
   *     anything that a checkpoint of weights does not need
   */
  public static TorchFile open(Path path) {
    @SuppressWarnings("MustBeClosedChecker") // It belongs to the opened file.
    Arena arena = Arena.ofShared();
    boolean opened = false;
    try {
      TorchFile file = new TorchFile(path, arena);
      file.read();
      opened = true;
      return file;
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  private void read() {
    if (!(Unpickler.load(path, archive.pickle()) instanceof Map<?, ?> root)) {
      throw new InputException(
          "%s holds a single value where a checkpoint holds a dictionary; save the model's state dict."
              .formatted(path));
    }
    root.forEach(
        (key, value) -> {
          String name = String.valueOf(key);
          if (value instanceof TorchTensor tensor) {
            add(name, tensor);
          } else if (value instanceof Map<?, ?> map && holdsTensors(map)) {
            map.forEach((inner, item) -> addIfTensor(name + "." + inner, item));
          } else {
            PlainJson.text(value).ifPresent(text -> metadata.put(name, text));
          }
        });
  }

  private static boolean holdsTensors(Map<?, ?> map) {
    return map.values().stream().anyMatch(TorchTensor.class::isInstance);
  }

  private void addIfTensor(String name, Object value) {
    if (value instanceof TorchTensor tensor) {
      add(name, tensor);
    }
  }

  private void add(String name, TorchTensor tensor) {
    archive.bytes(tensor.storage()); // Missing ones are reported now, not in the middle of work.
    if (tensors.put(name, tensor) != null) {
      throw new InputException(
          "%s holds two tensors named %s; rename one.".formatted(path, TensorNames.quote(name)));
    }
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  @Override
  public TensorData read(String name) {
    TorchTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw TensorNames.missing(path, name, names());
    }
    return new TensorData(
        name,
        tensor.dtype(),
        tensor.shape(),
        tensor.rowMajor(archive.bytes(tensor.storage()), arena));
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
