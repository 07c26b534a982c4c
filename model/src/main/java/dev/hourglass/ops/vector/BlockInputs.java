package dev.hourglass.ops.vector;

import dev.hourglass.architecture.Linear;
import dev.hourglass.architecture.part.norm.AdaLayerNorm;
import dev.hourglass.architecture.part.norm.Norm;
import dev.hourglass.architecture.part.norm.RmsNorm;
import dev.hourglass.architecture.part.norm.ShiftRms;
import dev.hourglass.ops.TensorPrimitives;
import dev.hourglass.ops.vector.BlockTensors.Name;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What a residual block of the network reads, found by its parts.
 *
 * @param norm that our kernels know
 */
record BlockInputs(NormForm norm, Map<Name, Tensor> tensors) {

  /**
   * Those of a block on x, {@code [n, h, w, c]}; empty if our kernels do not know its norm or
   * cannot read its tensors.
   *
   * @param inner channels that the first layer makes, and the second one reads
   */
  static Optional<BlockInputs> of(
      Norm norm,
      Linear first,
      long firstOut,
      Linear second,
      long inner,
      TensorPrimitives on,
      Tensor x) {
    long width = x.size(-1);
    Map<Name, Tensor> tensors = new EnumMap<>(Name.class);
    tensors.put(Name.X, x);
    tensors.put(Name.IN, first.weight(on, firstOut, width));
    tensors.put(Name.OUT, second.weight(on, width, inner));
    first.bias(on, firstOut, width).ifPresent(bias -> tensors.put(Name.IN_BIAS, bias));
    second.bias(on, width, inner).ifPresent(bias -> tensors.put(Name.OUT_BIAS, bias));
    if (!VectorOps.fits(tensors.values().toArray(Tensor[]::new))) {
      return Optional.empty();
    }
    return addNorm(norm, on, x, tensors).map(form -> new BlockInputs(form, tensors));
  }

  private static Optional<NormForm> addNorm(
      Norm norm, TensorPrimitives on, Tensor x, Map<Name, Tensor> tensors) {
    long width = x.size(-1);
    Optional<NormForm> form =
        switch (norm) {
          case RmsNorm rms -> {
            Tensor scale = rms.scale(on.in("norm"), width).contiguous();
            VectorOps.scaleRows(x, scale);
            tensors.put(Name.SCALE, scale);
            yield Optional.of(NormForm.RMS);
          }
          case ShiftRms shifted -> {
            tensors.put(Name.SCALE, shifted.scale(on, width));
            tensors.put(Name.SHIFT, perImage(shifted.shift(on, width), x));
            yield Optional.of(NormForm.SHIFTED_RMS);
          }
          case AdaLayerNorm layer -> {
            List<Tensor> rows = layer.modulation(on, width);
            tensors.put(Name.SHIFT, perImage(rows.get(0), x));
            tensors.put(Name.SCALE, perImage(rows.get(1), x));
            if (layer.gated()) {
              tensors.put(Name.GATE, perImage(rows.get(2), x));
            }
            yield Optional.of(NormForm.LAYER);
          }
          default -> Optional.empty();
        };
    boolean fits = tensors.values().stream().allMatch(BlockInputs::fits);
    return fits ? form : Optional.empty();
  }

  /** Rows of the conditioning, {@code [n, 1, 1, c]}: one may stand for all images. */
  static Tensor perImage(Tensor rows, Tensor x) {
    return rows.size(0) == x.size(0) ? rows : rows.expand(x.size(0), 1, 1, rows.size(3));
  }

  private static boolean fits(Tensor tensor) {
    return tensor.scalar_type().intern() == ScalarType.Float
        && tensor.device().is_cpu()
        && tensor.stride(-1) == 1;
  }
}
