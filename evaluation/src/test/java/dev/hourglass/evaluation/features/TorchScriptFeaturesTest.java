package dev.hourglass.evaluation.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hourglass.core.InputException;
import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.tensor.Scope;
import dev.hourglass.tensor.Tensors;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchScriptFeaturesTest {

  private static final double TOLERANCE = 1e-5;

  @ParameterizedTest
  @CsvSource({
    "network.pt, none, 3, 3, 30, 44",
    "network.pt, none, 2, 3, 300, 260",
    "network.pt, clip, 3, 3, 30, 44",
    "network.pt, clip, 2, 3, 300, 260",
    "network.pt, clip, 2, 1, 41, 37",
    "network.pt, dinov2, 3, 3, 30, 44",
    "network.pt, dinov2, 2, 3, 300, 260",
    "network.pt, dinov2, 2, 1, 41, 37",
    "frozen.pt, none, 2, 1, 41, 37",
    "asks-for-features.pt, inception, 3, 3, 30, 44",
    "asks-for-features.pt, inception, 2, 1, 41, 37"
  })
  void featuresAreThoseThatPythonComputes(
      String network, String preprocess, int n, int c, int h, int w) {
    String name = "%s %dx%dx%d".formatted(preprocess, c, h, w);
    try (SafetensorsFile expected = SafetensorsFile.open(resource("expected.safetensors"))) {
      Result result = run(network, Preprocessing.of(preprocess), n, c, h, w);
      assertThat(result.features)
          .containsExactly(expected.doubles("features." + name), within(TOLERANCE));
      if (preprocess.equals("inception")) {
        assertThat(result.logits).isEmpty();
      } else {
        assertThat(result.logits.orElseThrow())
            .containsExactly(expected.doubles("logits." + name), within(TOLERANCE));
      }
    }
  }

  @Test
  void theBatchChangesRoundingAtMost() {
    double[] together = run("network.pt", Preprocessing.NONE, 3, 3, 30, 44).features;
    double[] first = run("network.pt", Preprocessing.NONE, 1, 3, 30, 44).features;
    assertThat(Arrays.copyOf(together, first.length)).containsExactly(first, within(TOLERANCE));
  }

  @Test
  void runningAgainChangesNoBit() {
    // TorchScript optimises a network after it has seen it run.
    try (TorchScriptFeatures extractor =
        TorchScriptFeatures.open(resource("network.pt"), Preprocessing.CLIP)) {
      Scope.run(
          () -> {
            Tensor images = FormulaImages.of(2, 3, 30, 44);
            double[] first = Tensors.toDoubles(extractor.of(images).features());
            for (int i = 0; i < 4; i++) {
              assertThat(Tensors.toDoubles(extractor.of(images).features())).containsExactly(first);
            }
          });
    }
  }

  @Test
  void theDigestTellsFilesAndPreprocessingApart() {
    assertThat(
            Stream.of(
                    digest("network.pt", Preprocessing.NONE),
                    digest("network.pt", Preprocessing.CLIP),
                    digest("frozen.pt", Preprocessing.NONE))
                .distinct())
        .hasSize(3);
    assertThat(digest("network.pt", Preprocessing.NONE))
        .isEqualTo(digest("network.pt", Preprocessing.NONE))
        .matches("[0-9a-f]{64}-none");
  }

  @Test
  void aNetworkThatWantsOtherInputIsNamed() {
    assertThatThrownBy(() -> run("asks-for-features.pt", Preprocessing.NONE, 1, 3, 30, 44))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("asks-for-features.pt fails on images of [1, 3, 30, 44]")
        .hasMessageContaining("--preprocess none makes them")
        .hasMessageContaining("expected bytes")
        .hasMessageNotContaining("\n");
    assertThatThrownBy(() -> run("network.pt", Preprocessing.INCEPTION, 1, 3, 30, 44))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("choose the preprocessing that it was made for")
        .hasMessageNotContaining("\n");
  }

  @Test
  void imagesTooSmallForTheNetworkAreNamed() {
    assertThatThrownBy(() -> run("network.pt", Preprocessing.NONE, 1, 3, 3, 3))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("network.pt fails on images of [1, 3, 3, 3]");
  }

  @Test
  void outputsThatAreNoFeaturesAreNamed() {
    assertThatThrownBy(() -> run("dictionary.pt", Preprocessing.NONE, 1, 3, 8, 8))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("dictionary.pt returns neither a tensor nor a tuple of tensors");
    assertThatThrownBy(() -> run("flat.pt", Preprocessing.NONE, 2, 3, 8, 8))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "flat.pt returns features of shape [2] for 2 images, where [2, d] or [2, d, h, w] is"
                + " needed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"weights-alone.pt", "expected.safetensors"})
  void otherFilesAreNoNetworks(String name) {
    assertThatThrownBy(() -> TorchScriptFeatures.open(resource(name), Preprocessing.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("not a TorchScript network; give one that torch.jit.save wrote.");
  }

  @Test
  void damagedAndMissingFilesAreNamed(@TempDir Path folder) throws IOException {
    byte[] whole = Files.readAllBytes(resource("network.pt"));
    Path cut = Files.write(folder.resolve("cut.pt"), Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> TorchScriptFeatures.open(cut, Preprocessing.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cut.pt is a damaged archive");
    assertThatThrownBy(
            () -> TorchScriptFeatures.open(folder.resolve("none.pt"), Preprocessing.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("There is no file");
  }

  @Test
  void damagedCodeIsNamed(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("bad.pt");
    try (ZipFile from = new ZipFile(resource("network.pt").toFile());
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(file))) {
      for (ZipEntry entry : from.stream().toList()) {
        to.putNextEntry(new ZipEntry(entry.getName()));
        String code = "class Network(Module):\n  def forward(";
        to.write(
            entry.getName().endsWith(".py")
                ? code.getBytes(StandardCharsets.UTF_8)
                : from.getInputStream(entry).readAllBytes());
      }
    }
    assertThatThrownBy(() -> TorchScriptFeatures.open(file, Preprocessing.NONE).close())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("bad.pt cannot be loaded as a TorchScript network")
        .hasMessageNotContaining("\n");
  }

  private static String digest(String network, Preprocessing preprocessing) {
    try (TorchScriptFeatures extractor =
        TorchScriptFeatures.open(resource(network), preprocessing)) {
      return extractor.digest();
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Result(double[] features, Optional<double[]> logits) {}

  private static Result run(
      String network, Preprocessing preprocessing, int n, int c, int h, int w) {
    Result[] result = new Result[1];
    try (TorchScriptFeatures extractor =
        TorchScriptFeatures.open(resource(network), preprocessing)) {
      Scope.run(
          () -> {
            Tensor images = FormulaImages.of(n, c, h, w);
            ImageFeatures features = extractor.of(images);
            result[0] =
                new Result(
                    Tensors.toDoubles(features.features()),
                    features.logits().map(Tensors::toDoubles));
          });
    }
    return result[0];
  }

  private static Path resource(String name) {
    try {
      return Path.of(TorchScriptFeaturesTest.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
