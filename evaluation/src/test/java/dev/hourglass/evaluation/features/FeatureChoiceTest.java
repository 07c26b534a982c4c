package dev.hourglass.evaluation.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hourglass.core.InputException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FeatureChoiceTest {

  @Test
  void scatteringIsAName() {
    assertThat(FeatureChoice.of("scattering", Optional.empty()))
        .isEqualTo(new FeatureChoice.Scattering());
  }

  @Test
  void anythingElseIsAFile() {
    assertThat(FeatureChoice.of("a/net.pt", Optional.of("dinov2")))
        .isEqualTo(new FeatureChoice.Network(Path.of("a/net.pt"), Preprocessing.DINOV2));
  }

  @Test
  void aFileNeedsItsPreprocessing() {
    assertThatThrownBy(() -> FeatureChoice.of("net.pt", Optional.empty()))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "--features net.pt needs --preprocess inception, clip, dinov2 or none: what the network"
                + " was made for.");
  }

  @Test
  void scatteringTakesNone() {
    assertThatThrownBy(() -> FeatureChoice.of("scattering", Optional.of("clip")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("leave it out");
  }

  @Test
  void aMisspeltPreprocessingIsAdvised() {
    assertThatThrownBy(() -> FeatureChoice.of("net.pt", Optional.of("dinov1")))
        .isInstanceOf(InputException.class)
        .hasMessage("There is no preprocessing \"dinov1\"; did you mean \"dinov2\"?");
  }
}
