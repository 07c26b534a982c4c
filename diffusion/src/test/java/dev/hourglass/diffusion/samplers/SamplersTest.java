package dev.hourglass.diffusion.samplers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import dev.hourglass.diffusion.noise.NoiseKind;
import dev.hourglass.diffusion.samplers.SamplerOptions.Option;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SamplersTest {

  @Test
  void everySamplerIsFoundByItsOwnName() {
    for (String name : Samplers.names()) {
      assertThat(Samplers.byName(name, SamplerOptions.NONE).name()).isEqualTo(name);
    }
  }

  @Test
  void everyOptionBelongsToSomeSampler() {
    Set<Option> taken = new HashSet<>();
    Samplers.names().forEach(name -> taken.addAll(Samplers.options(name)));
    assertThat(taken).containsExactlyInAnyOrder(Option.values());
  }

  @Test
  void anUnknownSamplerIsAnsweredWithTheNearestName() {
    assertThatThrownBy(() -> Samplers.byName("dpmpp-2m-sd-heun", SamplerOptions.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("did you mean \"dpmpp-2m-sde-heun\"?");
    assertThatThrownBy(() -> Samplers.byName("magic", SamplerOptions.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("dpmpp-3m-sde")
        .hasMessageNotContaining("did you mean");
  }

  @Test
  void anOptionThatTheSamplerDoesNotTakeIsRefused() {
    assertThatThrownBy(() -> Samplers.byName("dpmpp-2m", SamplerOptions.parse("eta=1")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("it takes none");
    assertThatThrownBy(() -> Samplers.byName("dpmpp-3m-sde", SamplerOptions.parse("s_churn=1")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("eta, s_noise");
  }

  @ParameterizedTest
  @CsvSource({
    "euler, s_churn=-1",
    "euler, 's_tmin=3,s_tmax=2'",
    "euler-ancestral, eta=-0.5",
    "euler-ancestral, eta=NaN",
    "dpmpp-2s-ancestral, s_noise=Infinity",
    "lms, order=0",
    "lms, order=2.5",
    "dpm-fast, evaluations=0",
    "dpm-adaptive, order=4",
    "dpm-adaptive, atol=0",
    "dpm-adaptive, accept_safety=1",
    "dpmpp-sde, r=1",
  })
  void optionsOutOfRangeAreRefused(String name, String options) {
    assertThatThrownBy(() -> Samplers.byName(name, SamplerOptions.parse(options)))
        .isInstanceOf(InputException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"eta", "eta=", "eta=x", "etta=1", "eta=1,,", "=1"})
  void textThatIsNoOptionIsRefused(String text) {
    assertThatThrownBy(() -> SamplerOptions.parse(text)).isInstanceOf(InputException.class);
  }

  @Test
  void optionsAreReadFromText() {
    SamplerOptions options = SamplerOptions.parse(" ETA=0.5, s-noise=1.003");
    assertThat(options.set()).containsExactlyInAnyOrder(Option.ETA, Option.S_NOISE);
    assertThat(options.get(Option.ETA, 9)).isEqualTo(0.5);
    assertThat(options.get(Option.S_NOISE, 9)).isEqualTo(1.003);
    assertThat(options.get(Option.ORDER, 9)).isEqualTo(9);
    assertThat(SamplerOptions.parse(" ").set()).isEmpty();
  }

  @Test
  void theOrdersOfTheFastSolverAddUpToItsEvaluations() {
    for (int evaluations = 1; evaluations < 30; evaluations++) {
      assertThat(Arrays.stream(DpmFast.orders(evaluations)).sum()).isEqualTo(evaluations);
    }
    assertThat(DpmFast.orders(20)).containsExactly(3, 3, 3, 3, 3, 3, 2);
    assertThat(DpmFast.orders(6)).containsExactly(3, 2, 1);
  }

  @Test
  void noiseFreeSettingsNeedNoNoise() {
    assertThat(kind("heun", "")).isEqualTo(NoiseKind.NONE);
    assertThat(kind("heun", "s_churn=1")).isEqualTo(NoiseKind.INDEPENDENT);
    assertThat(kind("euler-ancestral", "eta=0")).isEqualTo(NoiseKind.NONE);
    assertThat(kind("dpmpp-3m-sde", "")).isEqualTo(NoiseKind.BROWNIAN);
    assertThat(kind("dpmpp-3m-sde", "eta=0")).isEqualTo(NoiseKind.NONE);
  }

  private static NoiseKind kind(String name, String options) {
    return Samplers.byName(name, SamplerOptions.parse(options)).noiseKind();
  }
}
