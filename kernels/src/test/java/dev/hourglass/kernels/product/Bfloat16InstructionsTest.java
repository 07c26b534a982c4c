package dev.hourglass.kernels.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Bfloat16InstructionsTest {

  @ParameterizedTest
  @ValueSource(strings = {"SSE41", "avx", "AVX2", "Avx2_Vnni", "AVX512_CORE", "AVX512_CORE_VNNI"})
  void aLimitBelowThemTakesThemAway(String isa) {
    assertThat(Bfloat16Instructions.allowedBy(Map.of("ONEDNN_MAX_CPU_ISA", isa))).isFalse();
    assertThat(Bfloat16Instructions.allowedBy(Map.of("DNNL_MAX_CPU_ISA", isa))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ALL", "DEFAULT", "AVX512_CORE_BF16", "AVX512_CORE_AMX", "AVX3"})
  void anyOtherValueLeavesThem(String isa) {
    assertThat(Bfloat16Instructions.allowedBy(Map.of("ONEDNN_MAX_CPU_ISA", isa))).isTrue();
  }

  @Test
  void theNewerNameOfTheLimitCounts() {
    assertThat(
            Bfloat16Instructions.allowedBy(
                Map.of("ONEDNN_MAX_CPU_ISA", "ALL", "DNNL_MAX_CPU_ISA", "AVX2")))
        .isTrue();
    assertThat(
            Bfloat16Instructions.allowedBy(
                Map.of("ONEDNN_MAX_CPU_ISA", "x".repeat(40), "DNNL_MAX_CPU_ISA", "AVX2")))
        .isFalse();
  }

  /** The libraries read their limits once a process. */
  @ParameterizedTest
  @ValueSource(strings = {"SSE41", "AVX2", "AVX512_CORE"})
  @Timeout(120)
  void underALimitAllProductsAreRight(String isa) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "--enable-native-access=ALL-UNNAMED",
                    "--add-modules=jdk.incubator.vector",
                    "-cp",
                    System.getProperty("java.class.path"),
                    GemmTest.GeneralPath.class.getName()))
            .redirectErrorStream(true);
    builder.environment().put("ONEDNN_MAX_CPU_ISA", isa);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("float32: all agree");
  }
}
