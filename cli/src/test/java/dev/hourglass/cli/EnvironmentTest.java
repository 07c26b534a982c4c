package dev.hourglass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the environment says of processors and languages: no setting ends the process. */
class EnvironmentTest {

  @TempDir static Path folder;
  private static Fixture fixture;
  private static Path checkpoint;

  @BeforeAll
  static void train() {
    fixture = Fixture.in(folder);
    checkpoint = fixture.trained(1);
  }

  /** None of the limits on processors but these. */
  private static Map<String, String> limits(String name, String value) {
    Map<String, String> environment =
        new HashMap<>(
            Map.of("ONEDNN_MAX_CPU_ISA", "", "DNNL_MAX_CPU_ISA", "", "ATEN_CPU_CAPABILITY", ""));
    environment.put(name, value);
    return environment;
  }

  private static String succeeds(Map<String, String> environment, Object... words)
      throws IOException, InterruptedException {
    Path log = folder.resolve("log-" + System.nanoTime());
    ChildProcess process = ChildProcess.startWith(environment, log, words);
    assertThat(process.awaitEnd()).as(process.output()).isZero();
    return process.output();
  }

  private static Object[] sample(String precision, String kernels) {
    return new Object[] {
      "sample",
      "--checkpoint",
      checkpoint,
      "-n",
      1,
      "--steps",
      2,
      "--out",
      folder.resolve("o"),
      "--precision",
      precision,
      "--kernels",
      kernels
    };
  }

  @ParameterizedTest
  @CsvSource({
    "ONEDNN_MAX_CPU_ISA, SSE41",
    "ONEDNN_MAX_CPU_ISA, AVX2",
    "ONEDNN_MAX_CPU_ISA, avx2_vnni_2",
    "ONEDNN_MAX_CPU_ISA, AVX512_CORE",
    "DNNL_MAX_CPU_ISA, AVX2",
    "ATEN_CPU_CAPABILITY, avx2",
  })
  void withoutInstructionsForItAutoIsNotBfloat16(String name, String value) throws Exception {
    assertThat(succeeds(limits(name, value), sample("auto", "vector")))
        .contains("(our own, fp32;")
        .doesNotContain("bf16:");
  }

  @ParameterizedTest
  @CsvSource({
    "AVX2, vector",
    "AVX2, reference",
    "AVX512_CORE, vector",
    "AVX512_CORE, reference",
  })
  void bfloat16OnRequestIsComputedAndSaidToBeSlow(String isa, String kernels) throws Exception {
    assertThat(succeeds(limits("ONEDNN_MAX_CPU_ISA", isa), sample("bf16", kernels)))
        .containsOnlyOnce("bf16: the processor, or the environment's limits on it");
  }

  @ParameterizedTest
  @CsvSource({"ALL", "DEFAULT", "AVX512_CORE_BF16", "no such thing"})
  void settingsThatLimitNothingChangeNothing(String isa) throws Exception {
    succeeds(limits("ONEDNN_MAX_CPU_ISA", isa), sample("auto", "vector"));
  }

  @ParameterizedTest
  @CsvSource({"auto, vector", "bf16, vector", "bf16, reference"})
  void trainingWorksWithoutAvx512(String precision, String kernels) throws Exception {
    Map<String, String> environment = limits("ONEDNN_MAX_CPU_ISA", "AVX2");
    environment.put("ATEN_CPU_CAPABILITY", "avx2");
    environment.put("OPENBLAS_CORETYPE", "Haswell");
    environment.put("JDK_JAVA_OPTIONS", "-XX:UseAVX=2");
    assertThat(
            succeeds(
                environment,
                "train",
                "--config",
                fixture.config(),
                "--runs",
                fixture.runs(),
                "--name",
                precision + "-" + kernels,
                "--steps",
                1,
                "--batch-size",
                4,
                "--sample-every",
                0,
                "--precision",
                precision,
                "--kernels",
                kernels))
        .contains("Trained to step 1");
  }

  @Test
  void aWidthOfVectorsThatDoesNotExistIsRefused() throws Exception {
    Path log = folder.resolve("width");
    ChildProcess process =
        ChildProcess.startWith(
            Map.of("JDK_JAVA_OPTIONS", "-Dhourglass.vector.bits=100"),
            log,
            sample("fp32", "vector"));
    assertThat(process.awaitEnd()).as(process.output()).isEqualTo(2);
    assertThat(process.output()).contains("give 128, 256 or 512");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere names do not depend on the locale")
  void withoutTheLauncherALocaleThatCannotNameAFileIsExplained() throws Exception {
    Path log = folder.resolve("locale");
    ChildProcess process =
        ChildProcess.startWith(Map.of("LC_ALL", "C"), log, "inspect", "mod\u00e8le.safetensors");
    assertThat(process.awaitEnd()).as(process.output()).isEqualTo(2);
    assertThat(process.output()).contains("LC_ALL=C.UTF-8").doesNotContain("Exception");
  }
}
