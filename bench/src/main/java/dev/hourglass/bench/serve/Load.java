package dev.hourglass.bench.serve;

import dev.hourglass.client.HourglassClient;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How many images a second a server draws for some numbers of clients, and how long they wait. With
 * {@code --mixed}, how long one client waits for single images while others ask for many at once.
 * Exits with 1 if a request failed.
 */
@Command(name = "load", mixinStandardHelpOptions = true, sortOptions = false)
public final class Load implements Callable<Integer> {

  private static final int MANY = 64;

  /** Seeds of the others, so that no two clients ask for the same image. */
  private static final long OTHER_SEEDS = 1L << 40;

  @Spec CommandSpec spec;
  @Mixin ServerOptions server;

  @Option(
      names = "--clients",
      split = ",",
      defaultValue = "1,4,16,64",
      description = "Numbers of clients (default: ${DEFAULT-VALUE}).")
  List<Integer> clients = List.of();

  @Option(
      names = "--mixed",
      description = "In their place: so many clients that ask for 64 images each, and one for 1.")
  int mixed;

  @Option(
      names = "--steps",
      defaultValue = "20",
      description = "Sampler steps (default: ${DEFAULT-VALUE}).")
  int steps;

  @Option(
      names = "--guidance",
      defaultValue = "1",
      description = "Guidance (default: ${DEFAULT-VALUE}).")
  double guidance;

  @Option(
      names = "--seconds",
      defaultValue = "60",
      description = "Of measurement, for each number of clients (default: ${DEFAULT-VALUE}).")
  double seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "10",
      description = "Seconds before each that do not count (default: ${DEFAULT-VALUE}).")
  double warmUp;

  @Option(
      names = "--out",
      defaultValue = "serve-load.json",
      description = "All numbers (default: ${DEFAULT-VALUE}).")
  Path out = Path.of("serve-load.json");

  /** Runs with the command line's options. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Load()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    try (HourglassClient client = server.client()) {
      return mixed > 0 ? mixed(client) : series(client);
    }
  }

  private int series(HourglassClient client) throws InterruptedException {
    List<LoadResult> results = new ArrayList<>();
    for (int count : clients) {
      results.add(singles(client).run(count, warmUp, seconds));
      print("%d clients: %.2f images/s".formatted(count, results.getLast().imagesPerSecond()));
    }
    return report(results, Map.of());
  }

  private int mixed(HourglassClient client) throws InterruptedException {
    LoadResult alone = singles(client).run(1, warmUp, seconds);
    print("alone: p95 %.3f s".formatted(alone.latencies().p95()));
    ClosedLoop others =
        new ClosedLoop(
            number ->
                client.draw(
                    server.request(OTHER_SEEDS + number, steps, guidance).withImages(MANY)));
    List<Thread> threads = others.start(mixed);
    LoadResult among;
    try {
      among = singles(client).run(1, warmUp, seconds);
    } finally {
      ClosedLoop.stop(threads);
    }
    double ratio = among.latencies().p95() / alone.latencies().p95();
    print(
        "among %d clients of %d images: p95 %.3f s"
            .formatted(mixed, MANY, among.latencies().p95()));
    print("%.2f times the p95 of a server without other work".formatted(ratio));
    return report(
        List.of(alone, among), new TreeMap<>(Map.of("mixed", mixed, "ratio_of_p95", ratio)));
  }

  private ClosedLoop singles(HourglassClient client) {
    return new ClosedLoop(number -> client.draw(server.request(number, steps, guidance)));
  }

  private int report(List<LoadResult> results, Map<String, ?> more) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("when", Instant.now().toString());
    content.put("model", server.model());
    content.put("steps", steps);
    content.put("guidance", guidance);
    content.putAll(more);
    content.put("results", results);
    LoadReport.write(out, content);
    print("\n" + LoadReport.table(results));
    results.stream().flatMap(result -> result.reasons().stream()).forEach(this::print);
    return results.stream().allMatch(result -> result.errors() == 0 && result.images() > 0) ? 0 : 1;
  }

  private void print(String line) {
    PrintWriter text = spec.commandLine().getOut();
    text.println(line);
    text.flush();
  }
}
