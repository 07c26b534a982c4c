package dev.hourglass.cli;

import dev.hourglass.InputException;
import dev.hourglass.bench.BenchCase;
import dev.hourglass.bench.BenchCases;
import dev.hourglass.bench.Benchmark;
import dev.hourglass.bench.GemmPeak;
import dev.hourglass.bench.KernelBenchmarks;
import dev.hourglass.bench.Machine;
import dev.hourglass.bench.Pass;
import dev.hourglass.files.AtomicFiles;
import dev.hourglass.ops.Kernels;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      return names.iterator();
    }
  }

  @Option(
      names = "--cases",
      paramLabel = "CASE",
      split = ",",
      completionCandidates = CaseNames.class,
      description = "What to measure, or config files (default: all): ${COMPLETION-CANDIDATES}.")
  List<String> cases = List.of();

  @Option(
      names = "--passes",
      paramLabel = "PASS",
      split = ",",
      defaultValue = "forward,train",
      description =
          "forward: the denoiser without gradients; train: an optimiser step; checkpointing: the"
              + " same with --checkpointing (default: ${DEFAULT-VALUE}, where the case has both).")
  List<Pass> passes;

  @Option(
      names = {"--batch", "--batch-size"},
      paramLabel = "N",
      description = "Images at once (default: each case's own).")
  Integer batch;

  @Mixin ComputeOptions compute;

  @Option(
      names = "--compare",
      description = "Measure --kernels vector and reference side by side, in turns.")
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
    int threads =
        compute.threads == null ? Runtime.getRuntime().availableProcessors() : compute.threads;
    Benchmark benchmark = new Benchmark(compute.precision.resolved(), threads, seconds);
    if (kernelPatterns == null) {
      measureModels(benchmark, file == null ? Path.of("bench.json") : file);
    } else {
      List<String> patterns = kernelPatterns.stream().filter(p -> !p.isBlank()).toList();
      Path target = file == null ? Path.of("bench-kernels.json") : file;
      KernelBenchmarks.run(patterns, threads, seconds, target);
    }
  }

  private void measureModels(Benchmark benchmark, Path target) {
    PrintWriter out = spec.commandLine().getOut();
    List<Measurement> measurements = measurements();
    Machine machine = Machine.here();
    out.println(
        "%s, %d cores, load %.2f, Java %s"
            .formatted(
                machine.processor(), machine.cores(), machine.loadAverage(), machine.java()));
    compute.apply(out);
    GemmPeak peak = new GemmPeak(benchmark.precision(), benchmark.threads());
    BenchReport report = new BenchReport(machine, benchmark.threads(), compute.precisionName());
    try (Progress progress = new Progress(out, "bench")) {
      progress.begin(0, measurements.size());
      for (int i = 0; i < measurements.size(); i++) {
        Measurement next = measurements.get(i);
        progress.update(i, measurements.size(), next.toString());
        peak.measure(PEAK_SHARE * seconds);
        report.setPeak(peak.kernelGflops(), peak.libtorchGflops());
        report.add(benchmark.measure(next.benchCase, next.pass, providers()));
        if (profile) {
          for (Kernels kernels : providers()) {
            report.addProfile(
                next + ", " + kernels.name().toLowerCase(Locale.ROOT),
                benchmark.profile(next.benchCase, next.pass, kernels));
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
    return compare ? List.of(Kernels.VECTOR, Kernels.REFERENCE) : List.of(compute.kernels);
  }

  /** One pass of a case. */
  private record Measurement(BenchCase benchCase, Pass pass) {
    @Override
    public String toString() {
      return benchCase.name() + " " + pass.name().toLowerCase(Locale.ROOT);
    }
  }

  private List<Measurement> measurements() {
    List<Measurement> measurements = new ArrayList<>();
    for (BenchCase chosen : BenchCases.select(cases.stream().map(String::strip).toList())) {
      BenchCase sized = batch == null ? chosen : chosen.withBatch(batch);
      passes.stream()
          .distinct()
          .filter(sized.passes()::contains)
          .forEach(pass -> measurements.add(new Measurement(sized, pass)));
    }
    if (measurements.isEmpty()) {
      throw new InputException("The chosen cases are measured forward only; add --passes forward.");
    }
    return measurements;
  }
}
