package dev.hourglass.bench;

import dev.hourglass.core.InputException;
import dev.hourglass.core.files.AtomicFiles;
import java.nio.file.Path;
import java.util.List;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the JMH benchmarks of single kernels, each in a process of its own. */
public final class KernelBenchmarks {

  /** The system property by which those processes learn how many threads compute. */
  public static final String THREADS = "hourglass.bench.threads";

  private static final int WARM_UPS = 3;
  private static final int MEASUREMENTS = 5;

  private KernelBenchmarks() {}

  /**
   * Runs and prints to the standard output, as JMH does.
   *
   * @param patterns regular expressions of what to run; none for all
   * @param seconds of measuring for each
   * @param out a JSON file of JMH's form
   * @throws InputException if nothing matches
   */
  public static void run(List<String> patterns, int threads, double seconds, Path out) {
    OptionsBuilder options = new OptionsBuilder();
    patterns.forEach(options::include);
    TimeValue iteration = TimeValue.nanoseconds((long) (seconds / MEASUREMENTS * 1e9));
    options
        .warmupIterations(WARM_UPS)
        .warmupTime(iteration)
        .measurementIterations(MEASUREMENTS)
        .measurementTime(iteration)
        // The second: JMH itself still uses the old way to memory, and Java would warn of it.
        .jvmArgsAppend("-D" + THREADS + "=" + threads, "--sun-misc-unsafe-memory-access=allow")
        .shouldFailOnError(true)
        .resultFormat(ResultFormatType.JSON);
    // JMH opens its file before it looks for benchmarks; an old one must outlive a mistake.
    AtomicFiles.write(
        out,
        temporary -> {
          options.result(temporary.toString());
          run(options, patterns);
        });
  }

  private static void run(OptionsBuilder options, List<String> patterns) {
    try {
      new Runner(options.build()).run();
    } catch (NoBenchmarksException e) {
      throw new InputException(
          "No kernel benchmark matches %s; leave it out to run them all."
              .formatted(String.join(" or ", patterns)),
          e);
    } catch (RunnerException e) {
      throw new IllegalStateException("a kernel benchmark failed", e);
    }
  }
}
