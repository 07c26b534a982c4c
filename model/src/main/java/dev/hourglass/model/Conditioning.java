package dev.hourglass.model;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * What a batch of n images is conditioned on besides sigma. Images that have it all in common,
 * sigma too, may share one of m conditionings, which is then computed once; else m is n.
 *
 * @param augmentation {@code [m, 9]}; absent means not augmented
 * @param classes {@code [m]} of int64; the number of classes itself means "unconditional"
 * @param vector {@code [m, mapping_cond_dim]}
 * @param sharing which of the conditionings each image has; absent means its own
 */
public record Conditioning(
    Optional<Tensor> augmentation,
    Optional<Tensor> classes,
    Optional<Tensor> vector,
    Optional<Sharing> sharing) {

  public static final Conditioning NONE =
      new Conditioning(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public static Conditioning ofClasses(Tensor classes) {
    return NONE.withClasses(classes);
  }

  public Conditioning withAugmentation(Tensor newAugmentation) {
    return new Conditioning(Optional.of(newAugmentation), classes, vector, sharing);
  }

  public Conditioning withClasses(Tensor newClasses) {
    return new Conditioning(augmentation, Optional.of(newClasses), vector, sharing);
  }

  public Conditioning withVector(Tensor newVector) {
    return new Conditioning(augmentation, classes, Optional.of(newVector), sharing);
  }

  public Conditioning withSharing(Sharing newSharing) {
    return new Conditioning(augmentation, classes, vector, Optional.of(newSharing));
  }

  /** One of the m conditionings alone, for one image. */
  Conditioning only(long place) {
    return new Conditioning(
        augmentation.map(rows -> rows.narrow(0, place, 1)),
        classes.map(rows -> rows.narrow(0, place, 1)),
        vector.map(rows -> rows.narrow(0, place, 1)),
        Optional.empty());
  }

  /** Rows for each conditioning to rows for each image, {@code [m, ...] -> [n, ...]}. */
  Tensor perImage(Tensor rows) {
    return sharing.map(shared -> shared.perImage(rows)).orElse(rows);
  }
}
