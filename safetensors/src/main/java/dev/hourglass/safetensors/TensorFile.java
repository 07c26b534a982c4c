package dev.hourglass.safetensors;

import dev.hourglass.core.InputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Named tensors and free-form metadata, of whatever file format; open until {@link #close}. */
public interface TensorFile extends AutoCloseable {

  /** The path that the file was opened with. */
  Path path();

  /** Free-form text by key; empty if the file has none. */
  Map<String, String> metadata();

  /** The names of the tensors, in the order of the file. */
  Set<String> names();

  /**
   * A tensor, its bytes row-major and valid until {@link #close}.
   *
   * @throws InputException if there is none of that name
   */
  TensorData read(String name);

  /** All files that belong to it, {@link #path} first. */
  default List<Path> files() {
    return List.of(path());
  }

  @Override
  void close();
}
