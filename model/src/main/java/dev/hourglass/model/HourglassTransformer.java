package dev.hourglass.model;

import dev.hourglass.architecture.Hourglass;
import dev.hourglass.architecture.MappingNetwork;
import dev.hourglass.architecture.MappingNetwork.Inputs;
import dev.hourglass.architecture.primitive.Ledger.Conditioned;
import dev.hourglass.architecture.primitive.Modulation;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.Ops.ModulationLayer;
import dev.hourglass.ops.Precision;
import dev.hourglass.ops.ReferenceOps;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The network F(x, sigma, conditioning) with its weights. What it computes is defined by {@link
 * Hourglass} and its parts; here tensors flow through that definition.
 */
public final class HourglassTransformer {

  private final ModelConfig model;
  private final Hourglass network;
  private final Parameters parameters;
  private final Ops ops;

  /**
   * The conditioning branch is small and decides everything: it stays in the weights' own
   * precision.
   */
  private final Ops mappingOps = new ReferenceOps(Precision.FP32);

  private final List<Conditioned> conditioned;
  private final PositionCache positions = new PositionCache();

  /**
   * A network with the given weights.
   *
   * @param parameters the weights, which the caller owns; changes to them show in the next pass
   * @param ops who computes the layers
   */
  public HourglassTransformer(ModelConfig model, Parameters parameters, Ops ops) {
    this.model = model;
    this.network = model.hourglass();
    this.parameters = parameters;
    this.ops = ops;
    this.conditioned = StateDict.of(model).conditioned();
  }

  public ModelConfig config() {
    return model;
  }

  /**
   * Computes F.
   *
   * @param x {@code [n, channels, height, width]}; for a diffusion model the noisy image times c_in
   * @param sigma {@code [m]}, the noise levels: one for each conditioning
   * @return {@code [n, channels, height, width]}
   */
  public Tensor forward(Tensor x, Tensor sigma, Conditioning conditioning, TrainingPass training) {
    return Scope.of(
        () -> {
          Tensor cond = Scope.of(() -> condition(sigma, conditioning, training));
          Tensor pixels = x.permute(0, 2, 3, 1);
          TensorPass pass =
              new TensorPass(
                  ops, parameters, training, modulations(cond, conditioning), grid(pixels));
          return network.apply(pass, pixels).permute(0, 3, 1, 2).to(x.scalar_type());
        });
  }

  /**
   * The conditioning vectors, {@code [m, mapping width]}. Where no gradients are recorded each is
   * computed by itself: products of several rows round otherwise than those of one, and an image
   * shall be the same to the bit whatever it is drawn together with.
   */
  private Tensor condition(Tensor sigma, Conditioning conditioning, TrainingPass training) {
    if (GradMode.is_enabled() || sigma.size(0) == 1) {
      return mapped(sigma, conditioning, training);
    }
    TensorVector rows = new TensorVector(sigma.size(0));
    for (long i = 0; i < sigma.size(0); i++) {
      rows.put(i, mapped(sigma.narrow(0, i, 1), conditioning.only(i), training));
    }
    return torch.cat(rows, 0);
  }

  private Tensor mapped(Tensor sigma, Conditioning conditioning, TrainingPass training) {
    Tensor noAugmentation =
        Tensors.zeros(ScalarType.Float, sigma.size(0), MappingNetwork.AUGMENTATION_SIZE).to(sigma);
    return network
        .mapping()
        .apply(
            new TensorPass(mappingOps, parameters, training.keepingActivations()),
            new Inputs<>(
                sigma.log().div(new Scalar(4.0)).unsqueeze(-1),
                conditioning.augmentation().orElse(noAugmentation),
                conditioning.classes(),
                conditioning.vector()));
  }

  /** What all conditioned norms take from it, by their places, for each image. */
  private NavigableMap<String, Tensor> modulations(Tensor cond, Conditioning conditioning) {
    NavigableMap<String, Tensor> byPlace = new TreeMap<>();
    Map<Modulation, List<Conditioned>> kinds =
        conditioned.stream().collect(Collectors.groupingBy(Conditioned::kind));
    kinds.forEach(
        (kind, norms) -> {
          List<Tensor> rows = ops.modulations(kind, cond, layers(kind, norms));
          for (int i = 0; i < rows.size(); i++) {
            byPlace.put(norms.get(i).place(), conditioning.perImage(rows.get(i)));
          }
        });
    return byPlace;
  }

  private List<ModulationLayer> layers(Modulation kind, List<Conditioned> norms) {
    return norms.stream()
        .map(
            norm ->
                new ModulationLayer(
                    parameters.get(norm.place() + Modulation.WEIGHT),
                    kind.affine()
                        ? Optional.of(parameters.get(norm.place() + Modulation.BIAS))
                        : Optional.empty()))
        .toList();
  }

  private PositionCache.OfGrid grid(Tensor pixels) {
    return positions.of(
        (int) pixels.size(1) / model.patchSize().height(),
        (int) pixels.size(2) / model.patchSize().width());
  }
}
