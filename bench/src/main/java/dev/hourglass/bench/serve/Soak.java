package dev.hourglass.bench.serve;

import dev.hourglass.client.DrawListener;
import dev.hourglass.client.DrawRequest;
import dev.hourglass.client.DrawnImage;
import dev.hourglass.client.HourglassClient;
import dev.hourglass.client.ServerRefusal;
import dev.hourglass.core.random.RandomStream;
import java.awt.image.BufferedImage;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Mixed requests at a moderate rate for a long time. Exits with 1 if one fails, if a seed that is
 * asked for again gives other pixels, or if the server's memory grows.
 */
@Command(name = "soak", mixinStandardHelpOptions = true, sortOptions = false)
public final class Soak implements Callable<Integer> {

  private static final Duration SAMPLING = Duration.ofSeconds(5);
  private static final int REFERENCES = 5;

  /** One request in so many repeats a reference. */
  private static final int REPEAT_EVERY = 20;

  private static final String CHANGED = "other pixels for the same seed";
  private static final String SAME = "same pixels for the same seed";
  private static final String DRAWN = "drawn";
  private static final String CANCELLED = "cancelled, as meant to";
  private static final String REFUSED = "429";

  @Spec CommandSpec spec;
  @Mixin ServerOptions server;

  @Option(
      names = "--minutes",
      defaultValue = "30",
      description = "How long (default: ${DEFAULT-VALUE}).")
  double minutes;

  @Option(
      names = "--rate",
      defaultValue = "2",
      description = "Requests a second (default: ${DEFAULT-VALUE}).")
  double rate;

  @Option(
      names = "--steps",
      defaultValue = "10",
      description = "Sampler steps (default: ${DEFAULT-VALUE}).")
  int steps;

  @Option(
      names = "--growth",
      defaultValue = "0.05",
      description =
          "The most that memory may grow from the second quarter of the time to the last, as a"
              + " share (default: ${DEFAULT-VALUE}).")
  double growth;

  @Option(names = "--pid", description = "Of the server, if it runs here: for its memory.")
  long pid;

  @Option(
      names = "--out",
      defaultValue = "serve-soak.json",
      description = "All numbers (default: ${DEFAULT-VALUE}).")
  Path out = Path.of("serve-soak.json");

  private final Tally tally = new Tally();
  private final Timeline latency = new Timeline();
  private final List<int[]> references = new ArrayList<>();

  /** Runs with the command line's options. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Soak()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    try (HourglassClient client = server.client();
        MemoryWatch memory = new MemoryWatch(new ServerMetrics(server, pid), SAMPLING)) {
      for (int i = 0; i < REFERENCES; i++) {
        references.add(pixels(client.draw(reference(i)).image()));
      }
      double seconds = ask(client);
      return report(memory.bytes(), seconds);
    }
  }

  /** Sends all requests, each at its time whether or not those before it are answered. */
  private double ask(HourglassClient client) throws InterruptedException {
    long start = System.nanoTime();
    long count = (long) Math.ceil(minutes * 60 * rate);
    List<Thread> open = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      long number = i;
      long wait = start + (long) (i / rate * 1e9) - System.nanoTime();
      Thread.sleep(Duration.ofNanos(Math.max(0, wait)));
      open.add(Thread.ofVirtual().start(() -> ask(client, number, start)));
      open.removeIf(thread -> !thread.isAlive());
    }
    for (Thread thread : open) {
      thread.join();
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private void ask(HourglassClient client, long number, long start) {
    RandomStream random = RandomStream.of(number, 1);
    DrawRequest request = server.request(REFERENCES + number, steps, 1);
    try {
      if (number % REPEAT_EVERY == 0) {
        repeat(client, random.nextInt(REFERENCES));
        return;
      }
      switch (random.nextInt(10)) {
        case 0 -> client.draw(request.withImages(8));
        case 1, 2 -> client.draw(request.withImages(4).withPreviews(2), DrawListener.NONE);
        case 3 -> {
          cancel(client, request, random);
          return;
        }
        default -> {
          long asked = System.nanoTime();
          client.draw(request);
          latency.add((asked - start) / 1e9, (System.nanoTime() - asked) / 1e9);
        }
      }
      tally.count(DRAWN);
    } catch (ServerRefusal e) {
      tally.count(e.status() == 429 ? REFUSED : String.valueOf(e.getMessage()));
    } catch (RuntimeException e) { // a lost connection, or a mistake of our own
      tally.count("failed: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void repeat(HourglassClient client, int index) throws InterruptedException {
    int[] pixels = pixels(client.draw(reference(index)).image());
    tally.count(Arrays.equals(pixels, references.get(index)) ? SAME : CHANGED);
  }

  private void cancel(HourglassClient client, DrawRequest request, RandomStream random)
      throws InterruptedException {
    Thread drawing =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    client.draw(request.withImages(4), DrawListener.NONE);
                  } catch (InterruptedException | ServerRefusal | UncheckedIOException e) {
                    // Given up.
                  }
                });
    Thread.sleep(random.nextInt(300));
    drawing.interrupt();
    drawing.join();
    tally.count(CANCELLED);
  }

  private DrawRequest reference(int index) {
    return server.request(index, steps, 1);
  }

  private static int[] pixels(DrawnImage drawn) {
    BufferedImage image = drawn.image();
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }

  private int report(Timeline memory, double seconds) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("minutes", minutes);
    content.put("rate", rate);
    content.put("steps", steps);
    content.put("answers", tally.counts());
    content.put("memory_growth", memory.growth(seconds));
    content.put("memory_bytes_per_hour", memory.perHour(seconds));
    content.put("latency_growth", latency.growth(seconds));
    content.put("memory", memory.samples());
    content.put("latency", latency.samples());
    LoadReport.write(out, content);
    PrintWriter text = spec.commandLine().getOut();
    text.println(tally.table());
    text.println(
        "Memory: %+.1f%% from the second quarter to the last, %+.1f MiB an hour"
            .formatted(100 * memory.growth(seconds), memory.perHour(seconds) / (1 << 20)));
    text.println(
        "Latency of single images: median %.3f s in the second quarter, %.3f s in the last"
            .formatted(latency.median(0.25, 0.5, seconds), latency.median(0.75, 1.01, seconds)));
    text.flush();
    boolean answered =
        List.of(DRAWN, SAME, CANCELLED, REFUSED).containsAll(tally.counts().keySet());
    // Not a number, where nobody tells the memory, is no growth.
    return answered && tally.of(SAME) > 0 && !(memory.growth(seconds) > growth) ? 0 : 1;
  }
}
