package dev.hourglass.model;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * What a batch is conditioned on besides sigma.
 *
 * @param augmentation {@code [n, 9]}; absent means not augmented
 * @param classes {@code [n]} of int64; the number of classes itself means "unconditional"
 * @param vector {@code [n, mapping_cond_dim]}
 */
public record Conditioning(
    Optional<Tensor> augmentation, Optional<Tensor> classes, Optional<Tensor> vector) {

  public static final Conditioning NONE =
      new Conditioning(Optional.empty(), Optional.empty(), Optional.empty());

  public static Conditioning ofClasses(Tensor classes) {
    return NONE.withClasses(classes);
  }

  public Conditioning withAugmentation(Tensor augmentation) {
    return new Conditioning(Optional.of(augmentation), classes, vector);
  }

  public Conditioning withClasses(Tensor newClasses) {
    return new Conditioning(augmentation, Optional.of(newClasses), vector);
  }

  public Conditioning withVector(Tensor newVector) {
    return new Conditioning(augmentation, classes, Optional.of(newVector));
  }
}
