package dev.hourglass.bench.serve;

import dev.hourglass.core.random.RandomStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Many more clients than the server has room for; some read slowly, some vanish. Exits with 1
 * unless every other request is answered with its images or with 429 and Retry-After, and the
 * server's queue is empty soon after the last client left.
 */
@Command(name = "overload", mixinStandardHelpOptions = true, sortOptions = false)
public final class Overload implements Callable<Integer> {

  private static final Duration SAMPLING = Duration.ofSeconds(5);
  private static final Duration RECOVERY = Duration.ofSeconds(60);
  private static final int LONGEST_PAUSE = 1000; // ms

  /** Gauges of the API that say how much work is left. */
  private static final List<String> WORK =
      List.of("hourglass_queue_images", "hourglass_drawing_images");

  @Spec CommandSpec spec;
  @Mixin ServerOptions server;

  @Option(
      names = "--minutes",
      defaultValue = "5",
      description = "How long new requests are sent (default: ${DEFAULT-VALUE}).")
  double minutes;

  @Option(
      names = "--clients",
      defaultValue = "600",
      description = "At once; take some more than the queue's images (default: ${DEFAULT-VALUE}).")
  int clients;

  @Option(
      names = "--slow",
      defaultValue = "0.1",
      description = "Share of clients that read a byte at a time (default: ${DEFAULT-VALUE}).")
  double slow;

  @Option(
      names = "--vanishing",
      defaultValue = "0.1",
      description = "Share of clients that leave in the middle (default: ${DEFAULT-VALUE}).")
  double vanishing;

  @Option(
      names = "--steps",
      defaultValue = "10",
      description = "Sampler steps (default: ${DEFAULT-VALUE}).")
  int steps;

  @Option(
      names = "--limit",
      defaultValue = "600",
      description = "Seconds until an answer counts as lost (default: ${DEFAULT-VALUE}).")
  int limit;

  @Option(
      names = "--slow-may-be-cut",
      description = "A server may close the connection of a slow reader.")
  boolean slowMayBeCut;

  @Option(names = "--pid", description = "Of the server, if it runs here: for its memory.")
  long pid;

  @Option(
      names = "--out",
      defaultValue = "serve-overload.json",
      description = "All numbers (default: ${DEFAULT-VALUE}).")
  Path out = Path.of("serve-overload.json");

  private final Tally tally = new Tally();

  /** Runs with the command line's options. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Overload()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    ServerMetrics metrics = new ServerMetrics(server, pid);
    long end = System.nanoTime() + (long) (minutes * 60e9);
    Timeline memory;
    String left;
    try (MemoryWatch watch = new MemoryWatch(metrics, SAMPLING)) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        int client = i;
        threads.add(Thread.ofVirtual().start(() -> visitOn(client, end)));
      }
      for (Thread thread : threads) {
        thread.join(); // The last answers come well after the last request.
      }
      left = workLeft(metrics);
      memory = watch.bytes();
    }
    return report(memory, left);
  }

  private void visitOn(int client, long end) {
    RandomStream random = RandomStream.of(client, 0);
    try {
      for (int visit = 0; System.nanoTime() < end; visit++) {
        Visitor.Manners manners = manners(random.nextDouble());
        tally.count(visitor(manners, (long) client << 20 | visit).visit(random));
        Thread.sleep(random.nextInt(LONGEST_PAUSE));
      }
    } catch (RuntimeException e) {
      tally.count("failed: " + e); // A client that is missing must not go unnoticed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Visitor.Manners manners(double share) {
    if (share < slow) {
      return Visitor.Manners.SLOW;
    }
    return share < slow + vanishing ? Visitor.Manners.VANISHING : Visitor.Manners.PATIENT;
  }

  private Visitor visitor(Visitor.Manners manners, long seed) {
    String body =
        "{\"model\":\"%s\",\"seed\":%d,\"steps\":%d,\"previews\":1,\"n\":%d}"
            .formatted(server.model(), seed, steps, manners == Visitor.Manners.VANISHING ? 4 : 1);
    return new Visitor(manners, server.url(), server.keyHeader(), body, Duration.ofSeconds(limit));
  }

  /** Waits until the server says that it has nothing to do; what it says at the last. */
  private static String workLeft(ServerMetrics metrics) throws InterruptedException {
    String said = "nothing said";
    for (long start = System.nanoTime();
        System.nanoTime() - start < RECOVERY.toNanos();
        Thread.sleep(Duration.ofSeconds(1))) {
      try {
        String text = metrics.text();
        List<OptionalDouble> work =
            WORK.stream().map(name -> ServerMetrics.value(text, name)).toList();
        if (work.stream().allMatch(value -> value.orElse(1) == 0)) {
          return "";
        }
        said = WORK + " = " + work;
      } catch (IOException e) {
        said = String.valueOf(e.getMessage());
      }
    }
    return said;
  }

  private int report(Timeline memory, String left) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("clients", clients);
    content.put("minutes", minutes);
    content.put("answers", tally.counts());
    content.put("work_left", left);
    content.put("memory", memory.samples());
    LoadReport.write(out, content);
    PrintWriter text = spec.commandLine().getOut();
    text.println(tally.table());
    memory
        .samples()
        .forEach(
            sample ->
                text.println(
                    "%.0f s: %.0f MiB".formatted(sample.seconds(), sample.value() / (1 << 20))));
    if (!left.isEmpty()) {
      text.println("Work is left a minute after the last client: " + left);
    }
    text.flush();
    return left.isEmpty() && failures() == 0 && tally.of(Visitor.DRAWN) > 0 ? 0 : 1;
  }

  private long failures() {
    Set<String> good =
        slowMayBeCut
            ? Set.of(Visitor.DRAWN, Visitor.REFUSED, Visitor.VANISHED, Visitor.CUT_OFF)
            : Set.of(Visitor.DRAWN, Visitor.REFUSED, Visitor.VANISHED);
    return tally.counts().entrySet().stream()
        .filter(entry -> !good.contains(entry.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
