package dev.hourglass.ops.vector;

import static dev.hourglass.ops.vector.TensorMemory.address;

import dev.hourglass.kernels.attention.HeadScales;
import dev.hourglass.kernels.block.BlockGradients;
import dev.hourglass.kernels.block.BlockParameters;
import dev.hourglass.kernels.norm.ImageRows;
import dev.hourglass.kernels.norm.TokenNorm;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * The tensors that a residual block reads, each by what it is, in one order: as the inputs of a
 * differentiable operation, and as their gradients.
 *
 * @param names of those that there are, in order
 */
record BlockTensors(NormForm norm, List<Name> names) {

  /** What a tensor is to its block. */
  enum Name {
    /** {@code [n, h, w, c]}. */
    X,
    /** The norm's; likewise SHIFT. */
    SCALE,
    SHIFT,
    /** Of the residual, {@code [n, 1, 1, c]}. */
    GATE,
    /** The weight before the block's core, and its bias. */
    IN,
    IN_BIAS,
    /** Those after it. */
    OUT,
    OUT_BIAS,
    /** The scales of queries and keys ({@link HeadScales}). */
    FIRST_SCALE,
    SECOND_SCALE
  }

  /** The block on these tensors. */
  static BlockTensors of(NormForm norm, Map<Name, Tensor> tensors) {
    return new BlockTensors(norm, List.copyOf(new EnumMap<>(tensors).keySet()));
  }

  /** The tensors in order. */
  Tensor[] inputs(Map<Name, Tensor> tensors) {
    return names.stream().map(tensors::get).toArray(Tensor[]::new);
  }

  private Optional<Tensor> find(Tensor[] inputs, Name name) {
    int i = names.indexOf(name);
    return i < 0 ? Optional.empty() : Optional.of(inputs[i]);
  }

  Tensor get(Tensor[] inputs, Name name) {
    return inputs[names.indexOf(name)];
  }

  /** Where a tensor is, or 0 if there is none. */
  private long at(Tensor[] inputs, Name name) {
    return find(inputs, name).map(TensorMemory::address).orElse(0L);
  }

  BlockParameters parameters(Tensor[] inputs) {
    Tensor scale = get(inputs, Name.SCALE);
    return new BlockParameters(
        norm.of(scale, find(inputs, Name.SHIFT).orElse(scale)),
        at(inputs, Name.IN_BIAS),
        at(inputs, Name.OUT_BIAS),
        find(inputs, Name.GATE).map(NormForm::imageRows).orElse(ImageRows.NONE));
  }

  HeadScales headScales(Tensor[] inputs) {
    return new HeadScales(at(inputs, Name.FIRST_SCALE), at(inputs, Name.SECOND_SCALE));
  }

  /** The inputs, from what forward saved of them first. */
  Tensor[] saved(IntFunction<Tensor> saved) {
    return IntStream.range(0, names.size()).mapToObj(saved).toArray(Tensor[]::new);
  }

  /** Room for the gradients of all inputs. */
  static Tensor[] gradients(Tensor[] inputs) {
    return Arrays.stream(inputs).map(TensorMemory::floatsLike).toArray(Tensor[]::new);
  }

  /** Where a kernel writes them. */
  BlockGradients blockGradients(Tensor[] gradients) {
    return new BlockGradients(
        address(get(gradients, Name.X)),
        new TokenNorm.Gradients(at(gradients, Name.SCALE), at(gradients, Name.SHIFT)),
        at(gradients, Name.IN),
        at(gradients, Name.IN_BIAS),
        at(gradients, Name.OUT),
        at(gradients, Name.OUT_BIAS),
        at(gradients, Name.GATE));
  }
}
