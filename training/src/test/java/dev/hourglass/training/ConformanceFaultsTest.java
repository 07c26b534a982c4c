package dev.hourglass.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hourglass.architecture.primitive.AttentionPattern;
import dev.hourglass.architecture.primitive.Logits;
import dev.hourglass.compute.Kernels;
import dev.hourglass.ops.Ops;
import dev.hourglass.ops.Precision;
import dev.hourglass.ops.ReferenceOps;
import dev.hourglass.testing.Fault;
import dev.hourglass.testing.Sensitivity;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** What the conformance test allows in float32 is too little for any real fault in the model. */
class ConformanceFaultsTest {

  private static final Map<GoldenRun, Map<Path, Sensitivity>> SENSITIVITIES =
      new EnumMap<>(GoldenRun.class);

  /** Both the forward pass and the gradients show the fault, on the case that shows it best. */
  private static void assertCaught(String method, Fault<Ops> fault) {
    for (GoldenRun run : List.of(GoldenRun.FORWARD_AND_LOSSES, GoldenRun.GRADIENTS)) {
      double worst =
          GoldenCase.folders().stream()
              .mapToDouble(folder -> worst(folder, run, method, fault))
              .max()
              .orElseThrow();
      assertThat(worst).as("%s, error / allowed", run).isGreaterThan(2);
    }
  }

  private static double worst(Path folder, GoldenRun run, String method, Fault<Ops> fault) {
    Ops faulty = Fault.in(Ops.class, new ReferenceOps(Precision.FP32), method, fault);
    GoldenCase golden = new GoldenCase(folder, ScalarType.Float, Kernels.REFERENCE, faulty);
    Sensitivity sensitivity =
        SENSITIVITIES
            .computeIfAbsent(run, key -> new HashMap<>())
            .computeIfAbsent(folder, run::sensitivity);
    Map<String, double[]> results = run.results(golden, values -> values);
    return results.entrySet().stream()
        .mapToDouble(result -> sensitivity.ratio(result.getKey(), result.getValue()))
        .max()
        .orElseThrow();
  }

  @Test
  void normsWithAnotherEpsilon() {
    assertCaught(
        "rmsNorm",
        (exact, in) -> {
          Tensor x = (Tensor) in[0];
          Tensor mean = x.square().mean(new long[] {-1}, true, new ScalarTypeOptional());
          return x.mul(((Tensor) in[1]).mul(mean.add(new Scalar(1e-5)).rsqrt()));
        });
  }

  @Test
  void mergesThatRoundToBfloat16() {
    assertCaught(
        "merge",
        (exact, in) -> {
          Tensor rounded = ((Tensor) in[0]).to(ScalarType.BFloat16).to(ScalarType.Float);
          return exact.merge(rounded, (Tensor) in[1], (int) in[2], (int) in[3]);
        });
  }

  @Test
  void productsWithoutTheirLastTerm() {
    assertCaught(
        "linear",
        (exact, in) -> {
          Tensor x = (Tensor) in[0];
          long most = x.size(-1) - 1;
          return exact.linear(x.narrow(-1, 0, most), ((Tensor) in[1]).narrow(-1, 0, most));
        });
  }

  @Test
  void attentionOneColumnAside() {
    assertCaught(
        "attend",
        (exact, in) -> {
          @SuppressWarnings("unchecked")
          Logits<Tensor> logits = (Logits<Tensor>) in[0];
          Tensor moved = torch.roll(logits.queries(), new long[] {1}, new long[] {2});
          return exact.attend(
              Logits.ofProducts(moved, logits.keys()), (Tensor) in[1], (AttentionPattern) in[2]);
        });
  }
}
