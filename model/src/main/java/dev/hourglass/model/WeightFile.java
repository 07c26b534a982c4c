package dev.hourglass.model;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.FileKind;
import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.safetensors.ShardedFile;
import dev.hourglass.safetensors.TensorFile;
import dev.hourglass.torchfile.TorchFile;
import java.nio.file.Path;

/** The formats that weights come in; a file's content tells which it is. */
public final class WeightFile {

  private WeightFile() {}

  /**
   * Opens a safetensors file, the index of one in parts, or a checkpoint of PyTorch's.
   *
   * @throws InputException if the file is of another kind, one part of several, or damaged
   */
  public static TensorFile open(Path path) {
    FileKind kind = FileKind.of(path);
    return switch (kind) {
      case SAFETENSORS -> {
        ShardedFile.requireWhole(path);
        yield SafetensorsFile.open(path);
      }
      case SHARD_INDEX -> ShardedFile.open(path);
      case TORCH -> TorchFile.open(path);
      case FOLDER -> throw kind.refusal(path, "a checkpoint", "name a file in it");
      default ->
          throw kind.refusal(
              path, "a checkpoint", "give a safetensors file, or a .pth file of k-diffusion's");
    };
  }
}
