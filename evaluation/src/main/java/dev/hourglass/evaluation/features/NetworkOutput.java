package dev.hourglass.evaluation.features;

import dev.hourglass.core.InputException;
import dev.hourglass.tensor.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.TupleElements;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What a network returned, read as features and logits.
 *
 * @param features [n, d], float64
 * @param logits [n, classes], float64
 */
record NetworkOutput(Tensor features, Optional<Tensor> logits) {

  /**
   * @param images n
   * @throws InputException if it is anything but a tensor, or a tuple or list of tensors, of the
   *     shapes that {@link TorchScriptFeatures} lists
   */
  static NetworkOutput of(IValue value, long images, Path file) {
    Tensor[] tensors = tensors(value, file);
    Tensor first = tensors[0].detach().cpu().to(ScalarType.Double);
    Tensor features = first.dim() == 4 ? first.mean(2, 3) : first;
    checkShape(features, first, images, "features", file);
    if (tensors.length == 1) {
      return new NetworkOutput(features, Optional.empty());
    }
    Tensor logits = tensors[1].detach().cpu().to(ScalarType.Double);
    checkShape(logits, logits, images, "logits", file);
    return new NetworkOutput(features, Optional.of(logits));
  }

  private static Tensor[] tensors(IValue value, Path file) {
    if (value.isTensor()) {
      return new Tensor[] {value.toTensor()};
    }
    if (value.isTensorList()) {
      TensorVector list = value.toTensorVector();
      if (!list.empty()) {
        return list.get();
      }
    }
    if (value.isTuple()) {
      TupleElements elements = value.toTupleRef().elements();
      int count = (int) Math.min(2, elements.size());
      boolean allTensors = count > 0;
      for (int i = 0; i < count; i++) {
        allTensors &= elements.get(i).isTensor();
      }
      if (allTensors) {
        Tensor[] tensors = new Tensor[count];
        Arrays.setAll(tensors, i -> elements.get(i).toTensor());
        return tensors;
      }
    }
    throw new InputException(
        "%s returns neither a tensor nor a tuple of tensors; wrap it in a module that returns features, or (features, logits)."
            .formatted(file));
  }

  private static void checkShape(
      Tensor matrix, Tensor returned, long images, String what, Path file) {
    if (matrix.dim() != 2 || matrix.size(0) != images || matrix.size(1) < 1) {
      throw new InputException(
          "%s returns %s of shape %s for %d images, where [%d, d]%s is needed; wrap it in a module that returns that."
              .formatted(
                  file,
                  what,
                  Arrays.toString(Tensors.shape(returned)),
                  images,
                  images,
                  what.equals("features") ? " or [%d, d, h, w]".formatted(images) : ""));
    }
  }
}
