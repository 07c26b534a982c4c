package dev.hourglass.tensor;

import dev.hourglass.core.InputException;
import dev.hourglass.safetensors.TensorData;
import dev.hourglass.safetensors.TensorFile;
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
   * @throws InputException if it is missing, has another shape, is not of floating-point numbers,
   *     or holds numbers that are not finite
   */
  public static Tensor read(TensorFile file, String name, List<Long> shape, ScalarType type) {
    TensorData data = file.read(name);
    if (!data.shape().equals(shape)) {
      throw new InputException(
          "%s: tensor %s has shape %s where the config says %s; the file belongs to another config."
              .formatted(file.path(), name, data.shape(), shape));
    }
    // Integers are quantised weights, which mean nothing without their scales.
    if (!data.dtype().isFloat()) {
      throw new InputException(
          "%s: tensor %s is of type %s, which weights cannot be read from; let the program that made the file write them as F16, BF16 or F32."
              .formatted(file.path(), name, data.dtype()));
    }
    Tensor tensor = Tensors.ofBytes(data.bytes(), data.dtype(), data.dimensions()).to(type);
    long finite = tensor.isfinite().sum().item_long();
    if (finite < tensor.numel()) {
      throw new InputException(
          "%s: %d of the %d numbers of tensor %s are NaN or infinite; choose another checkpoint."
              .formatted(file.path(), tensor.numel() - finite, tensor.numel(), name));
    }
    return tensor;
  }
}
