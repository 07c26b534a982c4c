package dev.hourglass.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.architecture.part.Parts;
import dev.hourglass.architecture.part.attention.SelfAttention;
import dev.hourglass.config.objective.AdjustedSoftMinSnr;
import dev.hourglass.config.objective.Karras;
import dev.hourglass.config.objective.MinSnr;
import dev.hourglass.config.objective.PreconditioningType;
import dev.hourglass.config.objective.Scales;
import dev.hourglass.config.objective.Sigmoid;
import dev.hourglass.config.objective.Snr;
import dev.hourglass.config.objective.SoftMinSnr;
import dev.hourglass.config.objective.Uniform;
import dev.hourglass.config.objective.Velocity;
import dev.hourglass.config.objective.Weighting;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Writing and reading agree for every config that can exist. */
class ConfigRoundTripTest {

  @Property(tries = 200)
  void aWrittenConfigReadsAsItself(@ForAll("configs") Config config) {
    assertThat(Config.parse(config.toJson(), "written")).isEqualTo(config);
    assertThat(Config.parse(config.toJson(), "written").differences(config)).isEmpty();
  }

  @Property(tries = 200)
  void differencesAreEmptyOnlyForEqualConfigs(
      @ForAll("configs") Config here, @ForAll("configs") Config there) {
    assertThat(here.differences(there).isEmpty()).isEqualTo(here.equals(there));
  }

  @Provide
  Arbitrary<Config> configs() {
    return Combinators.combine(models(), datasets(), optimizers(), lrSchedules(), emaSchedules())
        .as(
            (model, dataset, optimizer, lr, ema) ->
                new Config(
                    model,
                    new DatasetConfig(
                        dataset.type(),
                        dataset.location(),
                        model.numClasses(),
                        dataset.condDropoutRate(),
                        dataset.exifOrientation(),
                        dataset.extras()),
                    optimizer,
                    lr,
                    ema));
  }

  private static Arbitrary<ModelConfig> models() {
    Arbitrary<Integer> levelCount = Arbitraries.integers().between(1, 4);
    return levelCount.flatMap(
        count ->
            Combinators.combine(
                    ints(1, 4),
                    sizes(8),
                    sizes(1),
                    levels().list().ofSize(count),
                    mappings(),
                    ints(0, 5),
                    ints(0, 5),
                    Combinators.combine(
                            densities(),
                            scales(),
                            positives(),
                            positives(),
                            objectives(),
                            probabilities())
                        .as(ModelRest::new))
                .as(
                    (channels, grid, patch, levels, mapping, conditions, classes, rest) -> {
                      // 8 tokens or a multiple at the innermost level, so that all kernels fit
                      Size input =
                          new Size(
                              (grid.height() * 8 * patch.height()) << (count - 1),
                              (grid.width() * 8 * patch.width()) << (count - 1));
                      return new ModelConfig(
                          channels,
                          input,
                          patch,
                          levels,
                          Parts.PAPER,
                          mapping,
                          conditions,
                          classes,
                          new DiffusionConfig(
                              rest.objective().preconditioning(),
                              rest.objective().loss(),
                              rest.scales(),
                              rest.low(),
                              rest.low() + rest.gap() + 1,
                              rest.density()),
                          rest.augment());
                    }));
  }

  private record ModelRest(
      NoiseDensity density,
      Scales scales,
      double low,
      double gap,
      Objective objective,
      double augment) {}

  private record Objective(PreconditioningType preconditioning, LossConfig loss) {}

  private static Arbitrary<Objective> objectives() {
    return Combinators.combine(Arbitraries.of(PreconditioningType.class), losses())
        .as(Objective::new);
  }

  private static Arbitrary<Scales> scales() {
    return Combinators.combine(positives(), positives()).as(Scales::new);
  }

  private static Arbitrary<LossConfig> losses() {
    Arbitrary<Boolean> flags = Arbitraries.of(true, false);
    Arbitrary<Weighting> weightings =
        Arbitraries.oneOf(
            Arbitraries.of(new Karras(), new SoftMinSnr(), new Uniform()),
            probabilities().map(Sigmoid::new),
            positives().map(Velocity::new),
            flags.map(Snr::new),
            Combinators.combine(positives(), flags, flags).as(MinSnr::new),
            Combinators.combine(positives(), flags).as(AdjustedSoftMinSnr::new));
    return Arbitraries.oneOf(
        Arbitraries.just(new LossConfig.Simple()),
        weightings.map(LossConfig.Weighted::new),
        Combinators.combine(weightings, positives()).as(LossConfig.Weighted::new));
  }

  private static Arbitrary<LevelConfig> levels() {
    return Combinators.combine(ints(1, 9), ints(1, 5), ints(1, 999), attentions(), probabilities())
        .as(
            (depth, heads, dFf, attention, dropout) ->
                new LevelConfig(depth, 48 * heads, dFf, attention, dropout));
  }

  private static Arbitrary<SelfAttention> attentions() {
    Arbitrary<Integer> dHead = Arbitraries.of(8, 16, 24, 48);
    return Arbitraries.oneOf(
        dHead.map(SelfAttention.Global::new),
        Combinators.combine(dHead, Arbitraries.of(1, 3, 5, 7)).as(SelfAttention.Neighborhood::new),
        Combinators.combine(dHead, Arbitraries.of(1, 2, 4, 8)).as(SelfAttention.ShiftedWindow::new),
        Arbitraries.just(new SelfAttention.None()));
  }

  private static Arbitrary<MappingConfig> mappings() {
    return Combinators.combine(ints(0, 4), ints(1, 500), ints(1, 999), probabilities())
        .as((depth, half, dFf, dropout) -> new MappingConfig(depth, 2 * half, dFf, dropout));
  }

  private static Arbitrary<NoiseDensity> densities() {
    Arbitrary<Double> locs = Arbitraries.doubles().between(-1e12, 1e12).ofScale(12);
    return Arbitraries.oneOf(
        Combinators.combine(locs, positives()).as(NoiseDensity.LogNormal::new),
        Combinators.combine(locs, positives()).as(NoiseDensity.LogitNormal::new),
        Combinators.combine(locs, positives(), probabilities())
            .as((a, b, c) -> new NoiseDensity.LogLogistic(a, b, c, c + 1)),
        Combinators.combine(locs, positives())
            .as((a, b) -> new NoiseDensity.LogLogistic(a, b, 0, Double.POSITIVE_INFINITY)),
        positives().map(a -> new NoiseDensity.LogUniform(a, 2 * a)),
        positives().map(a -> new NoiseDensity.VDiffusion(a, 2 * a)),
        Combinators.combine(locs, positives(), positives()).as(NoiseDensity.SplitLogNormal::new),
        Combinators.combine(positives(), positives(), positives(), positives())
            .as((a, b, c, d) -> new NoiseDensity.CosineInterpolated(a, b, c, d, 2 * d)));
  }

  private static Arbitrary<DatasetConfig> datasets() {
    Arbitrary<String> text = Arbitraries.strings().ofMaxLength(20);
    return Combinators.combine(
            Arbitraries.of(DatasetType.class),
            text,
            probabilities(),
            Arbitraries.of(true, false),
            text)
        .as(
            (type, location, rate, exifOrientation, key) ->
                new DatasetConfig(
                    type,
                    location,
                    0,
                    rate,
                    exifOrientation,
                    type.trainable()
                        ? Map.of()
                        : Map.of(
                            "image_key",
                            TestConfigs.MAPPER.writeValueAsString(key),
                            "config",
                            "{\"a\": [1, 2.5, null], \"b\": {}}")));
  }

  private static Arbitrary<OptimizerConfig> optimizers() {
    Arbitrary<Double> belowOne = Arbitraries.doubles().between(0.01, 0.99).ofScale(10);
    Arbitrary<OptimizerConfig.AdamW> adamWs =
        Combinators.combine(positives(), belowOne, belowOne, positives(), probabilities())
            .as(OptimizerConfig.AdamW::new);
    return Arbitraries.oneOf(
        adamWs,
        Combinators.combine(positives(), belowOne, Arbitraries.of(true, false), positives())
            .as(OptimizerConfig.Sgd::new),
        Combinators.combine(positives(), belowOne, probabilities(), ints(1, 99), adamWs)
            .as(OptimizerConfig.Muon::new));
  }

  private static Arbitrary<LrSchedule> lrSchedules() {
    Arbitrary<Double> warmups = Arbitraries.doubles().between(0, 0.9999).ofScale(8);
    return Arbitraries.oneOf(
        warmups.map(LrSchedule.Constant::new),
        Combinators.combine(positives(), positives(), warmups).as(LrSchedule.Inverse::new),
        Combinators.combine(positives(), positives(), warmups).as(LrSchedule.Exponential::new));
  }

  private static Arbitrary<EmaSchedule> emaSchedules() {
    Arbitrary<Double> sigmaRels = Arbitraries.doubles().between(1e-4, 0.2889).ofScale(9);
    return Arbitraries.oneOf(
        Combinators.combine(positives(), probabilities()).as(EmaSchedule.Inverse::new),
        Combinators.combine(
                sigmaRels.list().ofMinSize(1).ofMaxSize(5).uniqueElements(), ints(1, 1 << 24))
            .as(EmaSchedule.Power::new));
  }

  private static Arbitrary<Size> sizes(int largest) {
    return Combinators.combine(ints(1, largest), ints(1, largest)).as(Size::new);
  }

  private static Arbitrary<Integer> ints(int least, int most) {
    return Arbitraries.integers().between(least, most);
  }

  private static Arbitrary<Double> probabilities() {
    return Arbitraries.doubles().between(0, 1).ofScale(15);
  }

  /** From 1e-12 to 1e12 with all digits, so that every way to write a number is used. */
  private static Arbitrary<Double> positives() {
    List<Double> powers = IntStream.rangeClosed(-12, 12).mapToObj(e -> Math.pow(10, e)).toList();
    return Combinators.combine(Arbitraries.of(powers), probabilities())
        .as((power, fraction) -> power * (1 + 9 * fraction));
  }
}
