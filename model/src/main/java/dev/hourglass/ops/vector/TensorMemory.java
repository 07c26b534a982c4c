package dev.hourglass.ops.vector;

import dev.hourglass.tensor.Tensors;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Tensors as the plain memory that kernels read and write. */
final class TensorMemory {

  private TensorMemory() {}

  /** Where a dense tensor's values are, valid as long as the tensor is. */
  static long address(Tensor tensor) {
    return tensor.data_ptr().address();
  }

  /** An uninitialised float32 tensor. */
  static Tensor floats(long... shape) {
    return torch.empty(shape, Tensors.options(ScalarType.Float), new MemoryFormatOptional());
  }

  /** An uninitialised float32 tensor of the shape of {@code like}. */
  static Tensor floatsLike(Tensor like) {
    return floats(Tensors.shape(like));
  }

  /** Uninitialised memory for a kernel. */
  static Tensor bytes(long count) {
    return torch.empty(
        new long[] {Math.max(1, count)},
        Tensors.options(ScalarType.Byte),
        new MemoryFormatOptional());
  }

  /** The last axis' size. */
  static int width(Tensor tensor) {
    return Math.toIntExact(tensor.size(-1));
  }

  /** Rows of the last axis. */
  static int rows(Tensor tensor) {
    return Math.toIntExact(tensor.numel() / tensor.size(-1));
  }
}
