package dev.hourglass.serve;

import dev.hourglass.ops.Ops;
import dev.hourglass.serve.batch.Batcher;
import dev.hourglass.serve.draw.Studio;
import dev.hourglass.serve.http.ImageServer;
import dev.hourglass.serve.http.Metrics;
import dev.hourglass.serve.http.ServeOptions;
import dev.hourglass.serve.model.ModelSource;
import dev.hourglass.serve.model.Models;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/** A running image server, from its models to its port. */
public final class Server implements AutoCloseable {

  private final Metrics metrics = new Metrics();
  private final Batcher batcher;
  private final Models models;
  private final Studio studio;
  private final ImageServer http;
  private final Thread loader;

  /**
   * What computes.
   *
   * @param ops the provider
   * @param precision of matrix products, in its name
   * @param setThreads sets the threads of the provider; run on the thread that computes
   */
  public record Computing(Ops ops, String precision, Runnable setThreads) {}

  /**
   * Starts to listen, and to load the models.
   *
   * @param software what the images say that drew them
   * @param log gets a line for each model
   * @throws dev.hourglass.core.InputException if the address cannot be had, or two models have one
   *     name
   */
  public Server(
      List<ModelSource> sources,
      ServeOptions options,
      Computing computing,
      String software,
      PrintWriter log) {
    ModelSource.requireDistinct(sources);
    this.batcher = new Batcher(metrics, computing.setThreads());
    this.models =
        new Models(sources, batcher, computing.ops(), computing.precision(), options.batch());
    this.studio = new Studio(batcher, options.limits().queue());
    this.http = new ImageServer(options, models, studio, metrics, software);
    this.loader =
        Thread.ofPlatform().daemon().name("load-models").start(() -> models.load(sources, log));
  }

  public int port() {
    return http.port();
  }

  /** Waits until each model is ready or has failed. */
  public void awaitModels() throws InterruptedException {
    loader.join();
  }

  public Models models() {
    return models;
  }

  /** Takes no more requests, and lets those that run go on for a while. */
  public void drain(Duration most) throws InterruptedException {
    studio.drain(most);
  }

  /** Gives up what still runs. */
  @Override
  public void close() {
    try {
      studio.drain(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    http.close();
    batcher.close();
    models.close();
    metrics.close();
  }
}
