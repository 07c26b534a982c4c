package dev.hourglass.bench.serve.fuzz;

import dev.hourglass.bench.serve.ServerOptions;
import dev.hourglass.bench.serve.Tally;
import dev.hourglass.client.HourglassClient;
import dev.hourglass.client.Model;
import dev.hourglass.client.Models;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Sends requests of all kinds of wrong to a server. Exits with 1 if an answer does not keep to the
 * API, comes too late or not at all; says how to send the first of these requests again.
 */
@Command(name = "fuzz", mixinStandardHelpOptions = true, sortOptions = false)
public final class Fuzz implements Callable<Integer> {

  @Spec CommandSpec spec;
  @Mixin ServerOptions server;

  @Option(
      names = "--requests",
      defaultValue = "100000",
      description = "How many (default: ${DEFAULT-VALUE}).")
  long requests;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Other seeds give other requests (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--first",
      defaultValue = "0",
      description = "Number of the first request, to repeat one (default: ${DEFAULT-VALUE}).")
  long first;

  @Option(
      names = "--connections",
      defaultValue = "8",
      description = "At once, each kept alive (default: ${DEFAULT-VALUE}).")
  int connections;

  @Option(
      names = "--limit",
      defaultValue = "30",
      description = "Seconds that an answer may take (default: ${DEFAULT-VALUE}).")
  int limit;

  @Option(
      names = "--failures",
      defaultValue = "10",
      description = "How many to print; after ten times as many it stops (${DEFAULT-VALUE}).")
  int failures;

  private final Tally tally = new Tally();
  private final List<FuzzFailure> failed = new ArrayList<>();

  /** Runs with the command line's options. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Fuzz()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    FuzzRequests generator = new FuzzRequests(seed, target());
    AtomicLong next = new AtomicLong(first);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> senders = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        senders.add(threads.submit(() -> send(generator, next)));
      }
      for (Future<?> sender : senders) {
        sender.get(); // A request that could not even be made must not go unnoticed.
      }
    }
    return report();
  }

  private FuzzTarget target() throws InterruptedException {
    try (HourglassClient client = server.client()) {
      Models models = client.models();
      Model model =
          models
              .find(server.model())
              .orElseThrow(
                  () ->
                      new CommandLine.ParameterException(
                          spec.commandLine(),
                          "The server has no model %s; it has %s."
                              .formatted(
                                  server.model(), models.all().stream().map(Model::id).toList())));
      return new FuzzTarget(
          model.id(), model.height(), model.width(), model.classes(), models.samplers());
    }
  }

  private void send(FuzzRequests generator, AtomicLong next) {
    try (FuzzSender sender =
        new FuzzSender(server.url(), server.keyHeader(), Duration.ofSeconds(limit))) {
      for (long number = next.getAndIncrement();
          number < first + requests && !hopeless();
          number = next.getAndIncrement()) {
        FuzzRequest request = generator.request(number);
        FuzzSender.Outcome outcome = sender.send(request);
        tally.count(outcome.what());
        if (outcome.complaint().isPresent()) {
          fail(new FuzzFailure(number, request, outcome));
        }
      }
    }
  }

  private synchronized void fail(FuzzFailure failure) {
    failed.add(failure);
  }

  private synchronized boolean hopeless() {
    return failed.size() >= 10 * failures;
  }

  private synchronized int report() {
    PrintWriter text = spec.commandLine().getOut();
    text.println(tally.table());
    failed.stream().sorted().limit(failures).forEach(failure -> text.println(failure.text(seed)));
    text.println(
        failed.isEmpty()
            ? "Every answer keeps to the API."
            : "%d answers do not keep to the API.".formatted(failed.size()));
    text.flush();
    return failed.isEmpty() ? 0 : 1;
  }
}
