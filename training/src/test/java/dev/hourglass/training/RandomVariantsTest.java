package dev.hourglass.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.compute.Compute;
import dev.hourglass.compute.Kernels;
import dev.hourglass.config.Config;
import dev.hourglass.config.ModelConfig;
import dev.hourglass.config.cost.ModelCost;
import dev.hourglass.ops.Precision;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Any combination of the architecture's keys is a model that counts and trains. */
final class RandomVariantsTest {

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void itsCostsAreThoseCountedByHand(@ForAll long seed) {
    RandomVariant variant = RandomVariant.of(new Random(seed));
    ModelConfig model = variant.config().model();
    ModelCost cost = ModelCost.of(model, model.inputSize());
    HandCount byHand = new HandCount(variant);
    assertThat(cost.parameters()).as("parameters of %s", variant).isEqualTo(byHand.parameters());
    assertThat(cost.macs()).as("macs of %s", variant).isEqualTo(byHand.macs());
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void itIsReadAsItIsWritten(@ForAll long seed) {
    Config config = RandomVariant.of(new Random(seed)).config();
    assertThat(Config.parse(config.toJson(), "written")).isEqualTo(config);
  }

  /** A step refuses gradients that are not finite. */
  @Property(tries = 40, shrinking = ShrinkingMode.OFF)
  void itTrains(@ForAll long seed, @ForAll boolean checkpointing, @ForAll Precision precision) {
    RandomVariant variant = RandomVariant.of(new Random(seed));
    for (Kernels kernels : new Kernels[] {Kernels.VECTOR, Kernels.REFERENCE}) {
      try (SyntheticTraining training =
          new SyntheticTraining(
              variant.config(),
              new Compute(kernels, precision),
              new Batching(2, 1, checkpointing))) {
        for (int step = 0; step < 2; step++) {
          assertThat(training.step()).as("loss of %s", variant).isFinite().isPositive();
        }
      }
    }
  }
}
