package dev.hourglass.bench.kernels;

import dev.hourglass.bench.KernelBenchmarks;
import dev.hourglass.kernels.parallel.Workers;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What all benchmarks here share; JMH inherits the annotations. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
public abstract class KernelBenchmark {

  final Buffers buffers = new Buffers();

  KernelBenchmark() {
    Integer threads = Integer.getInteger(KernelBenchmarks.THREADS);
    if (threads != null) {
      Workers.setThreads(threads);
    }
  }
}
