package dev.hourglass.training.snapshot;

import dev.hourglass.architecture.primitive.ParameterSpec;
import dev.hourglass.config.PowerAverage;
import dev.hourglass.model.Parameters;
import dev.hourglass.model.WeightFile;
import dev.hourglass.safetensors.DType;
import dev.hourglass.safetensors.SafetensorsWriter;
import dev.hourglass.safetensors.TensorFile;
import dev.hourglass.sampling.ModelFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A power-function average of weights of any length, made after training as a sum of snapshots
 * (Karras et al. 2024, section 3.2).
 *
 * @param snapshots what it is made of, one or more, those of its own step last
 * @param factors one a snapshot, of sum 1
 */
public record Reconstruction(List<Snapshot> snapshots, List<Double> factors) {

  /** Copies the lists. */
  public Reconstruction {
    snapshots = List.copyOf(snapshots);
    factors = List.copyOf(factors);
  }

  /**
   * The average of a length at the step of the last snapshots.
   *
   * @param snapshots those of {@link Snapshots#upTo}
   */
  public static Reconstruction of(List<Snapshot> snapshots, PowerAverage average) {
    PowerWeights aim =
        new PowerWeights(snapshots.getLast().label().averageSteps(), average.exponent());
    double[] factors = aim.combinationOf(snapshots.stream().map(s -> s.label().weights()).toList());
    return new Reconstruction(snapshots, Arrays.stream(factors).boxed().toList());
  }

  /**
   * Writes it as a model file in float32; sums are in float64.
   *
   * @param afterEach called when a snapshot has been added
   */
  public void write(Path file, Runnable afterEach) {
    Snapshot last = snapshots.getLast();
    ModelFile model = last.model();
    try (Parameters sum = sum(afterEach);
        PointerScope scope = new PointerScope()) {
      SafetensorsWriter.write(
          file,
          sum.toData("", DType.F32),
          ModelFile.metadata(model.config(), model.classNames(), last.label().step()));
    }
  }

  /** In float64; the caller closes it. */
  private Parameters sum(Runnable afterEach) {
    Parameters sum = read(snapshots.getFirst(), ScalarType.Double);
    for (int i = 0; i < snapshots.size(); i++) {
      double factor = factors.get(i);
      if (i == 0) {
        scale(sum, factor);
      } else {
        try (Parameters snapshot = read(snapshots.get(i), ScalarType.Float)) {
          add(sum, snapshot, factor);
        }
      }
      afterEach.run();
    }
    return sum;
  }

  private static Parameters read(Snapshot snapshot, ScalarType type) {
    ModelFile model = snapshot.model();
    try (TensorFile file = WeightFile.open(model.path())) {
      Parameters weights = Parameters.read(file, "", model.config().model(), type);
      weights.freeze();
      return weights;
    }
  }

  private static void scale(Parameters sum, double factor) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      for (ParameterSpec spec : sum.specs()) {
        sum.get(spec.name()).mul_(new Scalar(factor));
      }
    }
  }

  private static void add(Parameters sum, Parameters snapshot, double factor) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      for (ParameterSpec spec : sum.specs()) {
        sum.get(spec.name()).add_(snapshot.get(spec.name()), new Scalar(factor));
      }
    }
  }
}
