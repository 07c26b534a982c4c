package dev.hourglass.tensor;

import dev.hourglass.InputException;
import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.safetensors.TensorInfo;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** A tensor of a checkpoint, checked as it is read: a bad one must not be computed with. */
public final class StoredTensor {

  private StoredTensor() {}

  /**
   * Reads one.
   *
   * @param shape that it must have
   * @param type to convert it to
   * @throws InputException if it is missing, has another shape, or holds numbers that are not
   *     finite
   */
  public static Tensor read(SafetensorsFile file, String name, List<Long> shape, ScalarType type) {
    TensorInfo info = file.tensor(name);
    if (!info.shape().equals(shape)) {
      throw new InputException(
          "%s: tensor %s has shape %s where the config says %s; the file belongs to another config."
              .formatted(file.path(), name, info.shape(), shape));
    }
    Tensor tensor = Tensors.ofBytes(file.bytes(name), info.dtype(), info.dimensions()).to(type);
    long finite = tensor.isfinite().sum().item_long();
    if (finite < tensor.numel()) {
      throw new InputException(
          "%s: %d of the %d numbers of tensor %s are NaN or infinite; choose another checkpoint."
              .formatted(file.path(), tensor.numel() - finite, tensor.numel(), name));
    }
    return tensor;
  }
}
