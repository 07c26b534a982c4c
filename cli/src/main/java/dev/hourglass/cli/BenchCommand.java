package dev.hourglass.cli;

import dev.hourglass.bench.BenchCase;
import dev.hourglass.bench.BenchCases;
import dev.hourglass.bench.Benchmark;
import dev.hourglass.bench.GemmPeak;
import dev.hourglass.bench.KernelBenchmarks;
import dev.hourglass.bench.Pass;
import dev.hourglass.bench.Variants;
import dev.hourglass.cli.report.Progress;
import dev.hourglass.compute.Compute;
import dev.hourglass.compute.Kernels;
import dev.hourglass.core.InputException;
import dev.hourglass.core.files.AtomicFiles;
import dev.hourglass.core.machine.Machine;
import dev.hourglass.ops.Precision;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hourglass bench}. */
@Command(
    name = "bench",
    sortOptions = false,
    description = {
      "Measures how fast models run here, against the fastest matrix products of this machine.",
      "GFLOP/s count 2 for each multiply-accumulate of the forward pass, and 3 times that for a"
          + " training step. Times are those of the fastest run."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  hourglass bench                                          all cases",
      "  hourglass bench --cases cifar10,scaling --passes forward",
      "  hourglass bench --cases my-config.json --batch 8 --compare",
      "  hourglass bench --cases cifar10 --precision fp32,bf16",
      "  hourglass bench --cases variants                         each variant of a block",
      "  hourglass bench --kernels-only                           single kernels, with JMH"
    })
final class BenchCommand implements Runnable {

  /** A share of a case's time, before each. */
  private static final double PEAK_SHARE = 0.2;

  /** What bash completes {@code --cases} with. */
  private static final class CaseNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      List<String> names = new ArrayList<>(BenchCases.names());
      names.add(BenchCases.SCALING);
      names.add(Variants.SERIES);
      return names.iterator();
    }
  }

  @Option(
      names = "--cases",
      paramLabel = "CASE,...",
      split = ",",
      hideParamSyntax = true,
      completionCandidates = CaseNames.class,
      description =
          "What to measure, or config files (default: all but variants and resolution):"
              + " ${COMPLETION-CANDIDATES}.")
  List<String> cases = List.of();

  @Option(
      names = "--passes",
      paramLabel = "PASS,...",
      split = ",",
      hideParamSyntax = true,
      defaultValue = "forward,train",
      description =
          "forward: the denoiser without gradients; train: an optimiser step; checkpointing: the"
              + " same with --checkpointing (default: ${DEFAULT-VALUE}, where the case has both).")
  List<Pass> passes;

  @Option(
      names = {"--batch", "--batch-size"},
      paramLabel = "N,...",
      split = ",",
      hideParamSyntax = true,
      description = "Images at once (default: each case's own).")
  List<Integer> batches = List.of();

  @Option(
      names = "--precision",
      paramLabel = "auto|fp32|bf16,...",
      split = ",",
      hideParamSyntax = true,
      defaultValue = "auto",
      description =
          "Number formats of matrix products; auto is bf16 where the processor computes in it"
              + " (default: ${DEFAULT-VALUE}).")
  List<Precision> precisions;

  @Option(
      names = "--kernels",
      paramLabel = "auto|vector|reference,...",
      split = ",",
      hideParamSyntax = true,
      defaultValue = "auto",
      description =
          "Who computes; several are measured side by side, in turns (default: ${DEFAULT-VALUE},"
              + " which is vector).")
  List<Kernels> kernels;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that compute (default: all cores).")
  Integer threads;

  @Option(names = "--compare", description = "The same as --kernels vector,reference.")
  boolean compare;

  @Option(
      names = "--profile",
      description =
          "Also show which share of the time goes to products, attention and so on, for each block"
              + " of the model (Linux).")
  boolean profile;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "5",
      description =
          "Time for each measurement, after as long a warm-up; slow cases take longer (default:"
              + " ${DEFAULT-VALUE}).")
  double seconds;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "All numbers in JSON (default: bench.json; for kernels bench-kernels.json).")
  Path file;

  @Option(
      names = "--kernels-only",
      arity = "0..1",
      split = ",",
      paramLabel = "PATTERN",
      fallbackValue = "",
      description =
          "Measure single kernels with JMH instead, those that match a regular expression or all;"
              + " of the other options --threads, --seconds and --out hold.")
  List<String> kernelPatterns;

  @Spec CommandSpec spec;

  @Override
  public void run() {
    int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    List<Benchmark> benchmarks =
        precisions.stream()
            .map(Precision::resolved)
            .distinct()
            .map(precision -> new Benchmark(precision, count, seconds))
            .toList();
    if (kernelPatterns == null) {
      measureModels(benchmarks, count, file == null ? Path.of("bench.json") : file);
    } else {
      List<String> patterns = kernelPatterns.stream().filter(p -> !p.isBlank()).toList();
      Path target = file == null ? Path.of("bench-kernels.json") : file;
      KernelBenchmarks.run(patterns, count, seconds, target);
    }
  }

  private void measureModels(List<Benchmark> benchmarks, int count, Path target) {
    PrintWriter out = spec.commandLine().getOut();
    List<Measurement> measurements = measurements(benchmarks);
    Machine machine = Machine.here();
    out.println(
        "%s, %d cores, load %.2f, Java %s"
            .formatted(
                machine.processor(), machine.cores(), machine.loadAverage(), machine.java()));
    for (Benchmark benchmark : benchmarks) {
      for (Kernels provider : providers()) {
        ComputeOptions.tell(out, new Compute(provider, benchmark.precision()), count);
      }
    }
    Map<Precision, GemmPeak> peaks = new EnumMap<>(Precision.class);
    BenchReport report = new BenchReport(machine, count);
    try (Progress progress = new Progress(out, "bench")) {
      progress.begin(0, measurements.size());
      for (int i = 0; i < measurements.size(); i++) {
        Measurement next = measurements.get(i);
        Precision precision = next.benchmark.precision();
        progress.update(i, measurements.size(), next.toString());
        GemmPeak peak = peaks.computeIfAbsent(precision, p -> new GemmPeak(p, count));
        peak.measure(PEAK_SHARE * seconds);
        report.setPeak(precision, peak.kernelGflops(), peak.libtorchGflops());
        report.add(next.benchmark.measure(next.benchCase, next.pass, providers()));
        if (profile) {
          for (Kernels provider : providers()) {
            report.addProfile(
                next + ", " + provider.name().toLowerCase(Locale.ROOT),
                next.benchmark.profile(next.benchCase, next.pass, provider));
          }
        }
        // After each, so that a run that is stopped leaves what it found.
        AtomicFiles.writeString(target, report.json());
      }
    }
    report.print(out);
    out.println();
    out.println(target);
    out.flush();
  }

  private List<Kernels> providers() {
    return compare
        ? List.of(Kernels.VECTOR, Kernels.REFERENCE)
        : kernels.stream().distinct().toList();
  }

  /** One pass of a case, in one precision. */
  private record Measurement(Benchmark benchmark, BenchCase benchCase, Pass pass) {
    @Override
    public String toString() {
      return "%s %s, %s, batch %d"
          .formatted(
              benchCase.name(),
              pass.name().toLowerCase(Locale.ROOT),
              benchmark.precision().name().toLowerCase(Locale.ROOT),
              benchCase.batch());
    }
  }

  private List<Measurement> measurements(List<Benchmark> benchmarks) {
    List<Measurement> measurements = new ArrayList<>();
    for (BenchCase chosen : BenchCases.select(cases.stream().map(String::strip).toList())) {
      for (BenchCase sized : sized(chosen)) {
        for (Pass pass : passes.stream().distinct().filter(sized.passes()::contains).toList()) {
          benchmarks.forEach(b -> measurements.add(new Measurement(b, sized, pass)));
        }
      }
    }
    if (measurements.isEmpty()) {
      throw new InputException("The chosen cases are measured forward only; add --passes forward.");
    }
    return measurements;
  }

  private List<BenchCase> sized(BenchCase chosen) {
    return batches.isEmpty()
        ? List.of(chosen)
        : batches.stream().distinct().map(chosen::withBatch).toList();
  }
}
