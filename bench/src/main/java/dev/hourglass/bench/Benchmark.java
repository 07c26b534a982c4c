package dev.hourglass.bench;

import dev.hourglass.compute.Compute;
import dev.hourglass.compute.Kernels;
import dev.hourglass.compute.Threads;
import dev.hourglass.core.InputException;
import dev.hourglass.ops.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures cases one after another. A case is warmed up first, which also shows its peak memory;
 * then, where several providers, or a case and its base, are compared, they take turns, so that
 * whatever else happens on the machine meets all of them.
 *
 * @param precision of matrix products
 * @param threads that compute
 * @param seconds of measuring for each pass and provider, and as many of warming up
 */
public record Benchmark(Precision precision, int threads, double seconds) {

  private static final int FEWEST_RUNS = 3;

  /** How long a provider's turn is: much longer than to switch threads over. */
  private static final double TURN_SECONDS = 0.3;

  /** Checks the numbers. */
  public Benchmark {
    if (threads < 1) {
      throw new InputException("There must be at least 1 thread, not %d.".formatted(threads));
    }
    if (!(seconds > 0) || Double.isInfinite(seconds)) {
      throw new InputException("The seconds must be positive, not %s.".formatted(seconds));
    }
  }

  /** Measures one pass of a case with each provider; its base, if it has one, in turns with it. */
  public List<BenchResult> measure(BenchCase benchCase, Pass pass, List<Kernels> providers) {
    List<Entry> entries =
        Stream.concat(Stream.of(benchCase), benchCase.base().stream())
            .flatMap(each -> providers.stream().map(kernels -> new Entry(each, kernels)))
            .toList();
    List<BenchResult> results = measure(entries, pass);
    List<BenchResult> own = results.subList(0, providers.size());
    List<BenchResult> bases = results.subList(providers.size(), results.size());
    return bases.isEmpty()
        ? own
        : IntStream.range(0, own.size()).mapToObj(i -> own.get(i).against(bases.get(i))).toList();
  }

  private List<BenchResult> measure(List<Entry> entries, Pass pass) {
    List<OptionalLong> memory =
        entries.stream().map(e -> warmUp(e.benchCase, pass, e.kernels)).toList();
    List<Contender> contenders = new ArrayList<>();
    try {
      for (Entry entry : entries) {
        contenders.add(new Contender(entry.kernels, task(entry.benchCase, pass, entry.kernels)));
      }
      for (double spent = 0; spent < seconds || runs(contenders) < FEWEST_RUNS; ) {
        spent += contenders.stream().mapToDouble(this::takeTurn).max().orElseThrow();
      }
    } finally {
      contenders.forEach(contender -> contender.task.close());
    }
    List<BenchResult> results = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      results.add(result(entries.get(i).benchCase, pass, contenders.get(i), memory.get(i)));
    }
    return results;
  }

  /** Where the time of a pass goes with a provider. */
  public Profile profile(BenchCase benchCase, Pass pass, Kernels kernels) {
    try (Task task = task(benchCase, pass, kernels)) {
      task.run();
      return Profile.of(task::run, seconds);
    }
  }

  private static int runs(List<Contender> contenders) {
    return contenders.stream().mapToInt(c -> c.times.size()).min().orElseThrow();
  }

  private Task task(BenchCase benchCase, Pass pass, Kernels kernels) {
    Threads.set(kernels, threads);
    return benchCase.workload().task(pass, new Compute(kernels, precision), benchCase.batch());
  }

  /** Until the code is compiled, in a process that holds nothing else of the case. */
  private OptionalLong warmUp(BenchCase benchCase, Pass pass, Kernels kernels) {
    PeakMemory memory = new PeakMemory();
    try (Task task = task(benchCase, pass, kernels)) {
      memory.reset();
      long start = System.nanoTime();
      do {
        task.run();
      } while (secondsSince(start) < seconds);
      return memory.bytes();
    }
  }

  private double takeTurn(Contender contender) {
    Threads.set(contender.kernels, threads);
    long start = System.nanoTime();
    do {
      long runStart = System.nanoTime();
      contender.task.run();
      contender.times.add(secondsSince(runStart));
    } while (secondsSince(start) < Math.min(TURN_SECONDS, seconds));
    return secondsSince(start);
  }

  private BenchResult result(
      BenchCase benchCase, Pass pass, Contender contender, OptionalLong memory) {
    return new BenchResult(
        benchCase.name(),
        pass,
        contender.kernels.name().toLowerCase(Locale.ROOT),
        new Compute(contender.kernels, precision).ops().name(),
        precision.resolved(),
        benchCase.workload().size(),
        benchCase.batch(),
        benchCase.workload().macs(),
        contender.times,
        memory,
        OptionalDouble.empty());
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  /** A case and who computes it. */
  private record Entry(BenchCase benchCase, Kernels kernels) {}

  /** A provider at work, and how long its runs took. */
  private record Contender(Kernels kernels, Task task, List<Double> times) {
    Contender(Kernels kernels, Task task) {
      this(kernels, task, new ArrayList<>());
    }
  }
}
