package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.safetensors.DType;
import dev.hourglass.safetensors.SafetensorsFile;
import dev.hourglass.safetensors.SafetensorsWriter;
import dev.hourglass.safetensors.TensorData;
import dev.hourglass.sampling.ModelFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertCommandTest {

  @TempDir static Path folder;
  private static Fixture fixture;
  private static Path checkpoint;

  @BeforeAll
  static void train() {
    fixture = Fixture.in(folder);
    checkpoint = fixture.trained(6);
  }

  private static Path convert(Path in, String name, String format) {
    Path out = folder.resolve(name);
    CommandRun.succeeds("convert", in, "--out", out, "--dtype", format);
    return out;
  }

  private static Png sample(Path model) {
    Path out = folder.resolve("drawn");
    CommandRun.succeeds(
        "sample", "--checkpoint", model, "-n", 1, "--steps", 5, "--seed", 3, "--out", out);
    String stem = model.getFileName().toString().replace(".safetensors", "");
    return Png.read(out.resolve(stem + "-3-0.png"));
  }

  @Test
  void theSmallFileDrawsTheSameImages() {
    Path slim = convert(checkpoint, "slim.safetensors", "fp32");
    assertThat(sample(slim).difference(sample(checkpoint))).isZero();
    assertThat(slim.toFile().length()).isLessThan(checkpoint.toFile().length() / 3);
  }

  @Test
  void tensorsAreNamedAsInTheStateDictAndHalfPrecisionIsTheDefault() {
    Path half = folder.resolve("half.safetensors");
    CommandRun.succeeds("convert", checkpoint, "--out", half);
    try (SafetensorsFile file = SafetensorsFile.open(half)) {
      assertThat(file.tensors())
          .containsKeys("patch_in.proj.weight", "time_emb.weight", "aug_emb.weight");
      assertThat(file.tensors().values()).allMatch(tensor -> tensor.dtype() == DType.F16);
      assertThat(file.metadata()).containsOnlyKeys("config", "class_names");
      assertThat(file.metadata().get("class_names")).isEqualTo("[\"blue\",\"green\",\"red\"]");
    }
    assertThat(sample(half).difference(sample(checkpoint))).isLessThanOrEqualTo(2);
  }

  @Test
  void bfloat16SurvivesTheWayThroughFloat32() {
    Path bf16 = convert(checkpoint, "bf16.safetensors", "bf16");
    Path again = convert(convert(bf16, "wide.safetensors", "fp32"), "again.safetensors", "bf16");
    assertThat(again).hasSameBinaryContentAs(bf16);
  }

  @Test
  void aSmallFileStartsARun() {
    Path slim = convert(checkpoint, "start.safetensors", "fp32");
    CommandRun run =
        CommandRun.succeeds(
            "train",
            "--config",
            fixture.config(),
            "--name",
            "tuned",
            "--runs",
            fixture.runs(),
            "--init",
            slim,
            "--steps",
            1,
            "--batch-size",
            4,
            "--sample-every",
            0);
    assertThat(run.out()).contains("Trained to step 1");
  }

  @Test
  void aFileWithoutAConfigIsGivenOne() {
    Path bare = folder.resolve("bare.safetensors");
    Path slim = convert(checkpoint, "with.safetensors", "fp32");
    try (SafetensorsFile file = SafetensorsFile.open(slim)) {
      List<TensorData> tensors =
          file.tensors().values().stream()
              .map(t -> new TensorData(t.name(), t.dtype(), t.shape(), file.bytes(t.name())))
              .toList();
      SafetensorsWriter.write(bare, tensors, Map.of());
    }
    CommandRun.isRefused(
        "holds no model config", "convert", bare, "--out", folder.resolve("x.safetensors"));

    Path given = folder.resolve("given.safetensors");
    CommandRun.succeeds(
        "convert", bare, "--config", fixture.config(), "--out", given, "--dtype", "fp32");
    assertThat(ModelFile.open(given).config()).isEqualTo(ModelFile.open(slim).config());
    assertThat(sample(given).difference(sample(slim))).isZero();
  }
}
