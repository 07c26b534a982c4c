package dev.hourglass.serve.http;

import dev.hourglass.core.InputException;
import dev.hourglass.serve.draw.Studio;
import dev.hourglass.serve.model.ModelState;
import dev.hourglass.serve.model.Models;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The HTTP server: which address leads where. */
public final class ImageServer implements AutoCloseable {

  private static final String PAGE_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  /** Beyond the longest request, after which a connection on which nothing happens ends. */
  private static final int IDLE_SECONDS = 90;

  private static final int SECONDS_TO_CLOSE = 5;

  private final Vertx vertx;
  private final HttpServer server;
  private final Models models;
  private final Studio studio;
  private final Metrics metrics;
  private final ModelsView view;
  private final KeptImages kept = new KeptImages();
  private final PageFiles page = new PageFiles();

  /**
   * Starts to listen.
   *
   * @param software what the images say that drew them
   * @throws InputException if the address cannot be had
   */
  public ImageServer(
      ServeOptions options, Models models, Studio studio, Metrics metrics, String software) {
    this.models = models;
    this.studio = studio;
    this.metrics = metrics;
    this.view = new ModelsView(models, options.limits(), System.currentTimeMillis() / 1000);
    metrics.watch(studio);
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(2)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    ImageRoutes images =
        new ImageRoutes(vertx, options, models, studio, metrics, new DrawnImages(software), kept);
    this.server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost(options.host())
                    .setPort(options.port())
                    .setIdleTimeout(
                        (int) Math.min(Integer.MAX_VALUE, options.limits().deadline().toSeconds())
                            + IDLE_SECONDS)
                    .setIdleTimeoutUnit(TimeUnit.SECONDS)
                    .setHttp2ClearTextEnabled(false)
                    .setMaxFormAttributeSize(-1)
                    .setMaxFormBufferedBytes(1 << 20)
                    .setHandle100ContinueAutomatically(true))
            .invalidRequestHandler(
                request -> {
                  request.response().putHeader("Connection", "close");
                  Answers.problem(
                      request.response(),
                      400,
                      "This is not an HTTP request that the server can read.");
                })
            .requestHandler(router(options, images));
    listen(options);
  }

  private void listen(ServeOptions options) {
    try {
      server.listen().toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      close();
      throw new InputException(
          "The server cannot listen on %s port %d (%s); choose another --host or --port."
              .formatted(options.host(), options.port(), e.getCause().getMessage()),
          e);
    }
  }

  /** The port that it listens on. */
  public int port() {
    return server.actualPort();
  }

  private Router router(ServeOptions options, ImageRoutes images) {
    Gate gate =
        new Gate(
            new ApiKeys(options.keys()),
            LocalAddress.isLoopback(options.host()) && options.keys().isEmpty());
    Router router = Router.router(vertx);
    router.route().handler(this::prepare);
    router.route().handler(gate::requireOwnPage);
    router.get("/").handler(route -> file(route, "index.html"));
    router.get("/page/:file").handler(route -> file(route, route.pathParam("file")));
    router
        .get("/openapi.json")
        .handler(
            route ->
                Answers.send(route.response(), "application/json", Buffer.buffer(page.openApi())));
    router
        .get("/health/live")
        .handler(route -> Answers.json(route.response(), Map.of("status", "live")));
    router.get("/health/ready").handler(this::ready);
    router.get("/v1/images/:file").handler(this::keptImage);
    router.route("/v1/*").handler(gate::requireKey);
    router.route("/metrics").handler(gate::requireKey);
    router
        .get("/metrics")
        .handler(
            route ->
                Answers.send(
                    route.response(),
                    "text/plain; version=0.0.4; charset=utf-8",
                    Buffer.buffer(metrics.scrape())));
    router.get("/v1/models").handler(route -> Answers.json(route.response(), view.all()));
    router.get("/v1/models/:id").handler(this::model);
    router.post("/v1/samples").handler(images::samples);
    router.post("/v1/images/generations").handler(images::generations);
    router.errorHandler(
        404,
        route ->
            Answers.problem(
                route.response(), 404, "There is nothing at this address; see /openapi.json."));
    router.errorHandler(
        405,
        route ->
            Answers.problem(
                route.response(), 405, "This address is asked in another way; see /openapi.json."));
    router.errorHandler(
        400,
        route ->
            Answers.problem(
                route.response(), 400, "The address or the headers of the request are malformed."));
    router.errorHandler(
        500,
        route -> {
          ServerLog.failure(route.failure());
          Answers.problem(route.response(), Problem.ofRequest(route.failure()));
        });
    return router;
  }

  /** For every answer: headers, and a count of it. */
  private void prepare(RoutingContext route) {
    route
        .response()
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cache-Control", "no-store");
    route.addEndHandler(_ -> metrics.answered(pathOf(route), route.response().getStatusCode()));
    route.next();
  }

  /** The address as it is known, not as it was asked: of those there are few. */
  private static String pathOf(RoutingContext route) {
    String path = route.currentRoute() == null ? null : route.currentRoute().getPath();
    return path == null ? "other" : path;
  }

  private void file(RoutingContext route, String name) {
    page.page(name)
        .ifPresentOrElse(
            bytes -> {
              route
                  .response()
                  .putHeader("Content-Security-Policy", PAGE_POLICY)
                  .putHeader("X-Frame-Options", "DENY")
                  .putHeader("Cache-Control", "no-cache");
              Answers.send(route.response(), PageFiles.contentType(name), Buffer.buffer(bytes));
            },
            () -> Answers.problem(route.response(), 404, "The page has no such file."));
  }

  private void ready(RoutingContext route) {
    boolean loading =
        models.states().values().stream().anyMatch(ModelState.Loading.class::isInstance);
    boolean any = models.states().values().stream().anyMatch(ModelState.Ready.class::isInstance);
    if (studio.isClosed()) {
      Answers.problem(route.response(), 503, "The server is stopping.");
    } else if (loading) {
      Answers.problem(route.response(), 503, "Models are being loaded.");
    } else if (!any) {
      Answers.problem(route.response(), 503, "No model could be loaded.");
    } else {
      Answers.json(route.response(), Map.of("status", "ready"));
    }
  }

  private void model(RoutingContext route) {
    String id = route.pathParam("id");
    ModelState state = models.states().get(id);
    if (state == null) {
      Answers.problem(route.response(), 404, "There is no such model; see /v1/models.");
    } else {
      Answers.json(route.response(), view.one(id, state));
    }
  }

  private void keptImage(RoutingContext route) {
    String file = route.pathParam("file");
    kept.get(file.replaceFirst("\\.png$", ""))
        .ifPresentOrElse(
            png -> Answers.send(route.response(), "image/png", Buffer.buffer(png)),
            () ->
                Answers.problem(
                    route.response(),
                    404,
                    "There is no such image, or no more; the last 256 are kept for an hour."));
  }

  /** Ends all connections. */
  @Override
  public void close() {
    try {
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .get(SECONDS_TO_CLOSE, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      ServerLog.failure(e);
    }
  }
}
